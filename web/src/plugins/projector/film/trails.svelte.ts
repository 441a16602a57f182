/** The ways of the chosen points from step to step. */

import { untrack } from "svelte";
import { isAbort } from "../../../api/client";
import { flag, param } from "../../../state/url.svelte";
import type { Trail } from "../cloud/trails";
import { positionsOf } from "../data";
import type { Projector } from "../state/projector.svelte";
import type { Film } from "./film.svelte";
import { getPaths, playable } from "./films";

/** More ways are a tangle. */
export const mostTrails = 300;

export class Trails {
  readonly #projector: Projector;
  readonly #film: Film;
  readonly shown = param("trails", false, flag);
  /** Of the points of these ids, three coordinates a point and step. */
  #paths = $state.raw<{ ids: readonly number[]; steps: (Float32Array | null)[] } | null>(null);
  error = $state.raw<Error | null>(null);

  constructor(projector: Projector, film: Film) {
    this.#projector = projector;
    this.#film = film;
  }

  /** The points whose ways are drawn: the selected ones, else the open one. */
  readonly #chosen = $derived.by((): readonly number[] => {
    if (!this.shown.value) return [];
    const { selection } = this.#projector;
    if (selection.selected.length > 0) return selection.selected.slice(0, mostTrails);
    return selection.focus >= 0 ? [selection.focus] : [];
  });
  /** How many points are chosen whose ways are not drawn. */
  get left(): number {
    const { selection } = this.#projector;
    return Math.max(0, selection.selected.length - mostTrails);
  }
  /** Asked for as text, so that the same points at another step are not asked for anew. */
  readonly #ids = $derived.by(() => {
    const ids = this.#film.frame?.ids;
    return this.#chosen.map((index) => ids?.[index] ?? index).join();
  });

  follow(signal: AbortSignal): void {
    const { state, align } = this.#film;
    const ids = this.#ids === "" ? [] : this.#ids.split(",").map(Number);
    const laid = playable(state).length;
    untrack(() => {
      if (!state || ids.length === 0 || laid === 0) this.#paths = null;
      else void this.#load(state.id, ids, signal);
    });
    void align;
  }

  async #load(id: string, ids: readonly number[], signal: AbortSignal): Promise<void> {
    try {
      const { align, reach } = this.#film;
      const steps = await getPaths(id, ids, align, signal);
      this.#paths = {
        ids,
        steps: steps.map((columns) => columns && positionsOf(columns, ids.length, reach)),
      };
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  /** What is drawn: where each chosen point was at the steps before the one shown. */
  readonly drawn = $derived.by((): Trail[] => {
    const paths = this.#paths;
    const { at, frame } = this.#film;
    if (!paths || at < 0) return [];
    const place = new Map(paths.ids.map((id, order) => [id, order]));
    return this.#chosen.flatMap((index) => {
      const order = place.get(frame?.ids?.[index] ?? index);
      if (order === undefined) return [];
      const path = paths.steps.slice(0, at).flatMap((step) => {
        const point = step?.subarray(3 * order, 3 * order + 3);
        return point && !Number.isNaN(point[0]!) ? [[point[0]!, point[1]!, point[2]!] as const] : [];
      });
      return path.length > 0 ? [{ index, path }] : [];
    });
  });
}
