/** One (run, tag) of texts: which of its points hold the searched words, and which of them the card shows. */

import { PointSeries } from "../../dashboard/points.svelte";
import { Query, type Problem } from "../../dashboard/query.svelte";
import { live } from "../../state/live.svelte";
import { searchTexts, type TextPoint } from "./data";
import { mode, search } from "./view";

/** Texts by which the list of all steps grows. */
export const page = 20;

export class TextSeries extends PointSeries<TextPoint> {
  /** How many texts the list of all steps shows. */
  listed = $state(page);
  readonly #search = new Query((words: string) => searchTexts(this.run, this.tag, words));
  /** Indices of the points that there are to show, rising: all, or those that hold the searched words. */
  #indices = $derived.by((): readonly number[] => {
    const keys = this.steps?.key ?? [];
    const found = this.found && new Set(this.found);
    return [...keys.keys()].filter((index) => !found || found.has(keys[index]!));
  });

  constructor(run: string, tag: string) {
    super("text", run, tag);
  }

  /** Keys of the points that hold the searched words; null: no search, or no answer yet. */
  get found(): readonly string[] | null {
    return search.value.trim() ? this.#search.answer : null;
  }

  get indices(): readonly number[] {
    return this.#indices;
  }

  /** Indices of the texts that the card shows: the chosen one, or the newest first. */
  get visible(): readonly number[] {
    if (mode.value === "all") return this.indices.slice(-this.listed).reverse();
    return this.index < 0 ? [] : [this.index];
  }

  /** Place of the chosen point among `indices`; -1 if there is none. */
  get place(): number {
    return this.indices.indexOf(this.index);
  }

  /** The last place means the newest point, also when there is a newer one. */
  set place(next: number) {
    this.index = next >= this.indices.length - 1 ? this.count - 1 : this.indices[Math.max(0, next)]!;
  }

  /** While words are searched, the first point from the chosen one on that holds them, else the last. */
  override get index(): number {
    const index = super.index;
    return this.found ? (this.indices.find((at) => at >= index) ?? this.indices.at(-1) ?? -1) : index;
  }

  override set index(next: number) {
    super.index = next;
  }

  override move(by: number): void {
    if (mode.value === "one" && this.indices.length) this.place += by;
  }

  override get ready(): boolean {
    const [first] = this.visible;
    if (!this.steps) return false;
    return first === undefined || this.shown !== null || this.point(this.steps.key[first]!) !== null;
  }

  override get problem(): Problem | null {
    return super.problem ?? this.#search.problem;
  }

  override retry(): void {
    super.retry();
    this.#search.retry();
  }

  override forget(): void {
    super.forget();
    this.#search.forget();
  }

  override follow(): void {
    super.follow();
    const words = search.value.trim();
    if (words) this.#search.ask(words, live.version(this.plugin, this.tag));
  }

  override wanted(): string[] {
    const { indices, place } = this;
    const wanted =
      mode.value === "all" ? this.visible : [place, place + 1, place - 1].map((at) => indices[at]);
    return wanted.flatMap((index) => this.steps?.key[index ?? -1] ?? []);
  }
}
