/** Files that somebody drops on the room or chooses: how far they are, and what became of them. */

import { loadPart } from "../../../base/parts";
import type { Projector } from "../state/projector.svelte";

/** A sentence about a file. */
export interface Note {
  text: string;
  bad: boolean;
  /** Shows the matrix of a table whose columns were added. */
  showMatrix?: () => void;
}

export class Drops {
  /** What is under way, in words; empty if nothing is. */
  status = $state("");
  notes = $state.raw<readonly Note[]>([]);
  #stop: AbortController | null = null;
  readonly #p: Projector;

  constructor(p: Projector) {
    this.#p = p;
  }

  /** Opens files one after the other; what is under way is given up. */
  async open(files: readonly File[]): Promise<void> {
    this.cancel();
    this.notes = [];
    const stop = new AbortController();
    this.#stop = stop;
    try {
      const { receive } = await loadPart(() => import("./receive"));
      for (const file of files) await receive(this.#p, file, stop.signal);
    } catch (error) {
      this.say({ text: (error as Error).message, bad: true });
    } finally {
      if (this.#stop === stop) this.status = "";
    }
  }

  cancel(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.status = "";
  }

  say(note: Note): void {
    this.notes = [...this.notes, note];
  }

  dismiss(note: Note): void {
    this.notes = this.notes.filter((other) => other !== note);
  }
}
