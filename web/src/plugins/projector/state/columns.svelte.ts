/** The columns of an embedding's points: those of its metadata as they were edited here, and those that were computed. */

import type { Field } from "../data";
import { edited, sameColumn } from "../select/edit";

interface Edit {
  /** As the metadata file has it. */
  original: Field;
  field: Field;
}

export class Columns {
  readonly #logged: () => readonly Field[];
  #edits = $state.raw<readonly Edit[]>([]);
  #computed = $state.raw<readonly Field[]>([]);
  /** Whether there are edits that were not downloaded. */
  unsaved = $state(false);

  /** @param logged the columns of the metadata file. */
  constructor(logged: () => readonly Field[]) {
    this.#logged = logged;
  }

  /** The metadata with its edits, which are kept for as long as the page is open and belong to every step with the same labels. */
  readonly metadata = $derived.by(() =>
    this.#logged().map(
      (field) => this.#edits.find(({ original }) => sameColumn(original, field))?.field ?? field,
    ),
  );
  readonly isEdited = $derived.by(() => this.metadata.some((field) => !this.#logged().includes(field)));
  readonly all = $derived([
    ...this.metadata,
    ...this.#computed.filter(
      ({ codes }) => codes.length === (this.metadata[0]?.codes.length ?? codes.length),
    ),
  ]);

  /** Gives some points one value in a column of the metadata. */
  edit(name: string, indices: readonly number[], value: string): void {
    const original = this.#logged().find((field) => field.name === name);
    const field = this.metadata.find((other) => other.name === name);
    if (!original || !field) return;
    const others = this.#edits.filter(
      (edit) => edit.original !== original && !sameColumn(edit.original, original),
    );
    this.#edits = [...others, { original, field: edited(field, indices, value) }];
    this.unsaved = true;
  }

  /** Takes the edits of the shown columns back. */
  revert(): void {
    const logged = this.#logged();
    this.#edits = this.#edits.filter(({ original }) => !logged.some((field) => sameColumn(original, field)));
    this.unsaved = false;
  }

  isComputed(name: string): boolean {
    return this.#computed.some((field) => field.name === name);
  }

  /** Adds a computed column; one of the same name gives way. */
  add(field: Field): void {
    this.#computed = [...this.#computed.filter(({ name }) => name !== field.name), field];
  }

  /** Takes a computed column away. */
  remove(name: string): void {
    this.#computed = this.#computed.filter((field) => field.name !== name);
  }

  /** Forgets what was computed of other points. */
  forget(): void {
    this.#computed = [];
  }
}
