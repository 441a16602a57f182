/** One (run, tag): its steps, the texts that were read, and which of them hold the searched words. */

import { latestOnly } from "../../base/latest";
import { loadPoints, loadSteps, searchTexts, type Steps, type TextPoint } from "./data";

/** Texts that the list reads at once. */
export const page = 20;

export class TextSeries {
  steps = $state.raw<Steps | null>(null);
  problem = $state.raw<string | null>(null);
  /** Indices that hold the words, rising; null: no search. */
  found = $state.raw<readonly number[] | null>(null);
  #points = $state.raw(new Map<number, TextPoint>());

  constructor(
    readonly run: string,
    readonly tag: string,
  ) {}

  get count(): number {
    return this.steps?.step.length ?? 0;
  }

  /** The text at an index, if it was read. A point never changes, but another may have come into its place: then it is read anew. */
  point(index: number): TextPoint | null {
    const point = this.#points.get(index);
    return point && point.wall_time === this.steps?.wall_time[index] ? point : null;
  }

  /** Asks for the steps; again whenever the series grew. */
  refresh = latestOnly(async (_: void) => {
    await this.#attempt(async () => {
      this.steps = await loadSteps(this.run, this.tag);
    });
  });

  /** Reads the texts at these indices that were not read yet. */
  read = latestOnly(async (indices: readonly number[]) => {
    const missing = indices.filter((index) => index >= 0 && index < this.count && !this.point(index));
    await this.#attempt(async () => {
      const start = performance.now();
      while (missing.length) {
        const first = Math.min(...missing);
        const last = Math.max(...missing);
        const span = Math.min(last - first + 1, 2 * page);
        const points = await loadPoints(this.run, this.tag, first, span);
        if (!points.length) break;
        this.#points = new Map([...this.#points, ...points.map((point) => [point.index, point] as const)]);
        const reached = points.at(-1)!.index;
        for (let i = missing.length - 1; i >= 0; i--) if (missing[i]! <= reached) missing.splice(i, 1);
        if (performance.now() - start > 5000) break;
      }
    });
  });

  search = latestOnly(async (query: string) => {
    await this.#attempt(async () => {
      this.found = query ? await searchTexts(this.run, this.tag, query) : null;
    });
  });

  async #attempt(job: () => Promise<void>): Promise<void> {
    try {
      await job();
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
