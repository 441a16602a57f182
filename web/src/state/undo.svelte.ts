/** Undo and redo of changes of view. Going from room to room is the browser's: Back undoes it. */

import { url, type View } from "./url.svelte";

/** Changes of the same parameters that follow each other within this time are one: a slider that is dragged, a word that is typed. */
const burst_ms = 1000;
const mostSteps = 100;

class Undo {
  #past = $state.raw<readonly View[]>([]);
  #future = $state.raw<readonly View[]>([]);
  #keys = "";
  #at = 0;

  constructor() {
    url.onEdit((keys) => this.record(keys));
  }

  /** Reactive. */
  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Call before a change: what is shown now is what undoing it comes back to. `keys` names what is changed. */
  record(keys: string): void {
    const now = Date.now();
    const goesOn = keys === this.#keys && now - this.#at < burst_ms;
    this.#keys = keys;
    this.#at = now;
    if (goesOn) return;
    this.#past = [...this.#past, url.view].slice(-mostSteps);
    this.#future = [];
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, url.view];
    this.#go(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, url.view];
    this.#go(after);
  }

  #go(view: View): void {
    this.#keys = "";
    url.restore(view, false);
  }
}

export const undo = new Undo();
