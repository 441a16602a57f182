/** What the command palette offers: the shell's own commands, and those of the open room. */

export interface Command {
  /** Names it within its group. */
  id: string;
  /** In the page's language now. */
  label: string;
  /** What it belongs to: "Tag", "View". */
  group: string;
  run: () => void;
  /** One of many that do a thing to each card or run: found by who also types what it does, and behind all others. */
  each?: boolean;
  /** A key that does the same. */
  shortcut?: string;
}

class Commands {
  /** Plain: the palette asks when it opens, and an effect that offers must not depend on what is offered. */
  #sources: readonly (() => readonly Command[])[] = [];

  /**
   * Offers commands until the returned function is called. `source` is asked each time the palette opens.
   *
   * @example $effect(() => commands.offer(() => [{ id: "reset", label: t().reset, group: t().title, run: reset }]));
   */
  offer(source: () => readonly Command[]): () => void {
    this.#sources = [...this.#sources, source];
    return () => {
      this.#sources = this.#sources.filter((other) => other !== source);
    };
  }

  list(): Command[] {
    return this.#sources.flatMap((source) => [...source()]);
  }
}

export const commands = new Commands();
