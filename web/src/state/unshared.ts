/** What is shown and yet cannot be in the address: said where the address is copied. */

type Source = () => string | null;

class Unshared {
  /** Plain: asked when the address is copied. */
  #sources: readonly Source[] = [];

  /**
   * Takes note until the returned function is called; `source` says in words what the address leaves out now, or gives null.
   *
   * @example $effect(() => unshared.note(() => (tooLong ? t().openScopes : null)));
   */
  note(source: Source): () => void {
    this.#sources = [...this.#sources, source];
    return () => {
      this.#sources = this.#sources.filter((other) => other !== source);
    };
  }

  list(): string[] {
    return this.#sources.flatMap((source) => source() ?? []);
  }
}

export const unshared = new Unshared();
