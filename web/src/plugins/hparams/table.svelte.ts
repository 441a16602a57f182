/** All hyperparameters of the log: one question, asked anew when a session comes. */

import { getColumns } from "../../api/client";
import { paced } from "../../base/paced";
import type { Cell } from "../../base/runColumn";
import { catalog } from "../../state/catalog.svelte";
import { live } from "../../state/live.svelte";

/** What `GET /api/hparams/table` answers (docs/http_api.md). */
export interface HparamsAnswer {
  runs: string[];
  sessions: string[];
  hparams: {
    name: string;
    display_name: string;
    description: string;
    kind: "number" | "bool" | "text";
    is: Uint8Array;
    number: Float64Array;
    text: string[];
    code: Uint32Array;
  }[];
  problems: { run: string; problem: string }[];
}

export type Hparam = HparamsAnswer["hparams"][number];

/** Sessions come one by one while a sweep runs. */
const pause_ms = 2000;

class HparamsTable {
  #answer: HparamsAnswer | null = $state.raw(null);
  #failed = $state(false);
  #rows = $derived(new Map(this.#answer?.runs.map((run, row) => [run, row])));

  /** Whether there is anything to wait for, and it has come. Reactive. */
  get ready(): boolean {
    return catalog.ready && (this.#answer !== null || this.#failed || !this.#exists);
  }

  get answer(): HparamsAnswer | null {
    return this.#answer;
  }

  /** Rows of the answer by run. Reactive. */
  get rows(): ReadonlyMap<string, number> {
    return this.#rows;
  }

  get #exists(): boolean {
    return catalog.series("hparams").length > 0;
  }

  /** Asks for the table whenever it may have changed; call in an effect that lives as long as the page. */
  follow(): void {
    for (const { tag } of catalog.series("hparams")) void live.version("hparams", tag);
    if (this.#exists) this.#ask();
  }

  #ask = paced(
    async (_: void) => {
      try {
        this.#answer = await getColumns<HparamsAnswer>("api/hparams/table");
        this.#failed = false;
      } catch {
        // The table stays as it is; the live mark says that the server is away, and versions grow when it is back.
        this.#failed = this.#answer === null;
      }
    },
    () => pause_ms,
  );
}

export const hparamsTable = new HparamsTable();

/** The cell of each row. */
export function cellsOf(hparam: Hparam): Cell[] {
  return Array.from(hparam.is, (kind, row) => {
    if (kind === 0) return null;
    if (kind === 3) return hparam.text[hparam.code[row]!] ?? "";
    return kind === 2 ? hparam.number[row] === 1 : hparam.number[row]!;
  });
}
