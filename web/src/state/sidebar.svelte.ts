import type { Snippet } from "svelte";

class Sidebar {
  #controls = $state.raw<Snippet | null>(null);

  /** What the open room puts below the run list. */
  get controls(): Snippet | null {
    return this.#controls;
  }

  /**
   * Puts a room's controls below the run list while it is open.
   *
   * @example $effect(() => sidebar.show(controls));
   */
  show(controls: Snippet): () => void {
    this.#controls = controls;
    return () => {
      if (this.#controls === controls) this.#controls = null;
    };
  }
}

export const sidebar = new Sidebar();
