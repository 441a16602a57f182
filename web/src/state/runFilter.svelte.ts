/** Rules over runs that stand in the address: the filter, and the rules by which runs are hidden. */

import { bind, type Columns, type Evaluation } from "../base/expression/evaluate";
import { parseFilter, type FilterMode } from "../base/expression/filter";
import { ExpressionError } from "../base/expression/lexer";
import { explain } from "../base/expression/explain";
import { catalog } from "./catalog.svelte";
import { runColumns } from "./runColumns.svelte";

/** What is wrong with a rule, and the part of its text at which that shows. */
interface Problem {
  error: ExpressionError;
  start: number;
  end: number;
}

interface Bound {
  mode: FilterMode;
  evaluation: Evaluation | null;
  problem: Problem | null;
  /** It names a column that may still come. */
  pending: boolean;
}

/**
 * A rule by its text. While a text is wrong, or its columns are on their way, the last one that could be used goes on; a new run is judged
 * by it like all others.
 */
export class RunRule {
  #text: () => string;
  #bound: Bound;
  #rows: { rows: Uint8Array | null; problem: Problem | null };
  /** Plain: it only ever feeds the derived rows. */
  #lastGood: Evaluation | null = null;

  /** @param text reactive. */
  constructor(text: () => string) {
    this.#text = text;
    this.#bound = $derived(bound(this.#text()));
    this.#rows = $derived.by(() => this.#evaluate());
  }

  /** What is wrong with the text, in the page's language; null if nothing is. Reactive. */
  get problem(): string | null {
    const problem = this.#problem;
    return problem && explain(problem.error);
  }

  /** The part of the text at which it shows. Reactive. */
  get place(): { start: number; end: number } | null {
    return this.#problem;
  }

  get #problem(): Problem | null {
    return this.#bound.problem ?? this.#rows.problem;
  }

  /** Whether its columns are still on their way. Reactive. */
  get pending(): boolean {
    return this.#bound.pending || this.columns.some((id) => runColumns.get(id)?.loaded === false);
  }

  get mode(): FilterMode {
    return this.#bound.mode;
  }

  /** Ids of the columns that it reads. Reactive. */
  get columns(): readonly string[] {
    return this.#bound.evaluation?.columns ?? [];
  }

  /** 1 for each row of the catalog's runs for which it holds; null where it says nothing. Reactive. */
  get rows(): Uint8Array | null {
    return this.#rows.rows;
  }

  #evaluate(): { rows: Uint8Array | null; problem: Problem | null } {
    const { evaluation, problem } = this.#bound;
    const usable = problem === null && !this.pending;
    const count = catalog.runs.length;
    try {
      const rows = (usable ? evaluation : this.#lastGood)?.rows(count) ?? null;
      if (usable) this.#lastGood = evaluation;
      return { rows, problem: null };
    } catch (error) {
      return { rows: this.#lastGood?.rows(count) ?? null, problem: problemOf(error) };
    }
  }
}

const columns: Columns = {
  resolve: (name, statistic) => runColumns.resolve(name, statistic),
  kind: (id) => runColumns.get(id)?.kind ?? "text",
  cells: (id) => runColumns.get(id)?.cells ?? [],
  get now() {
    return catalog.now;
  },
};

function bound(text: string): Bound {
  let mode: FilterMode = "expression";
  try {
    const parsed = parseFilter(text);
    mode = parsed.mode;
    const evaluation = parsed.node && bind(parsed.node, columns);
    return { mode, evaluation, problem: null, pending: false };
  } catch (error) {
    const problem = problemOf(error);
    const unknown = problem.error.reason === "unknown-column" || problem.error.reason === "unknown-statistic";
    if (unknown && !runColumns.ready) return { mode, evaluation: null, problem: null, pending: true };
    return { mode, evaluation: null, problem, pending: false };
  }
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof ExpressionError)) throw error;
  return { error, start: error.start, end: error.end };
}
