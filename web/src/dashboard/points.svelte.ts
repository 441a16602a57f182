/** One (run, tag) of a room of points: its steps, the point that its card shows, and what the server says of it. */

import { SvelteMap } from "svelte/reactivity";
import { live } from "../state/live.svelte";
import { flag, param, type Codec } from "../state/url.svelte";
import { urlPositions, type Position } from "./address.svelte";
import { Query, type Problem, type Source } from "./query.svelte";
import { askPoints, askSteps, type Point, type Steps } from "./routes";

export const wholeNumber: Codec<number | null> = {
  encode: String,
  decode: (value) => (/^-?\d{1,16}$/.test(value) ? Number(value) : null),
};

/** Whether all cards of the room show the same step, or the one nearest to it. */
export const linked = param("link", false, flag);
/** The step that linked cards show; null: the newest. */
export const linkedStep = param<number | null>("step", null, wholeNumber);

const positions = urlPositions("at");

/** Points of a series that are kept, beside those that are wanted; a point never changes. */
const keptPoints = 500;

/** What the server said of a point, and where it is. */
export type Placed<P extends Point> = P & { step: number; wall_time: number };

export class PointSeries<P extends Point = Point> implements Source {
  /** Whether the card goes from step to step by itself. */
  playing = $state(false);
  #points = new SvelteMap<string, P>();
  readonly #steps: Query<null, Steps>;
  readonly #reading: Query<readonly string[], void>;

  constructor(
    readonly plugin: string,
    readonly run: string,
    readonly tag: string,
  ) {
    this.#steps = new Query(() => askSteps(plugin, run, tag));
    this.#reading = new Query(
      (keys) => this.#read(keys),
      () => 0,
    );
  }

  /** Null until the first answer. Reactive, as everything here. */
  get steps(): Steps | null {
    return this.#steps.answer;
  }

  get count(): number {
    return this.steps?.step.length ?? 0;
  }

  get ready(): boolean {
    return this.#shown !== null;
  }

  /** Why what is shown may be old or missing; null if nothing failed. */
  get problem(): Problem | null {
    return this.#steps.problem ?? this.#reading.problem;
  }

  retry(): void {
    this.#steps.retry();
    this.#reading.retry();
  }

  /** Drops all that the server said: a card could not be made of it. */
  forget(): void {
    this.#steps.forget();
    this.#reading.forget();
    this.#points.clear();
    this.#lastShown = null;
  }

  /** Index of the chosen point: the one nearest to the linked step, else where the card was moved, else the newest. -1 if there is none. */
  get index(): number {
    if (linked.value && linkedStep.value !== null)
      return nearestStep(this.steps?.step ?? [], linkedStep.value);
    const last = this.count - 1;
    const { point } = linked.value ? { point: null } : this.#position;
    if (point === null) return last;
    if (typeof point === "number") return Math.min(point, last);
    const index = this.steps?.key.indexOf(point) ?? -1;
    // Not known any more: its file was changed or taken away.
    return index < 0 ? last : index;
  }

  /** The last index means the newest point, also when there is a newer one. */
  set index(next: number) {
    const newest = next >= this.count - 1;
    if (linked.value) linkedStep.value = newest ? null : (this.steps?.step[next] ?? null);
    else this.#position = { ...this.#position, point: newest ? null : (this.steps?.key[next] ?? null) };
  }

  /** Which sample of a batch is shown. */
  get sample(): number {
    return this.#position.sample;
  }

  set sample(next: number) {
    this.#position = { ...this.#position, sample: next };
  }

  /** Goes some steps on or back, as far as there are any. */
  move(by: number): void {
    if (this.count) this.index = Math.min(this.count - 1, Math.max(0, this.index + by));
  }

  /** One step on; from the newest to the first. */
  playOn(): void {
    if (this.count) this.index = (this.index + 1) % this.count;
  }

  #lastShown: Placed<P> | null = null;
  #shown = $derived.by(() => {
    const { index, steps } = this;
    const point = steps && this.point(steps.key[index] ?? "");
    if (point) {
      this.#lastShown = { ...point, step: steps.step[index]!, wall_time: steps.wall_time[index]! };
    }
    return this.#lastShown;
  });

  /** What the server said of the chosen point; while that is on its way, of the one that was chosen before. */
  get shown(): Placed<P> | null {
    return this.#shown;
  }

  /** What the server said of a point; null if it was not asked. */
  point(key: string): P | null {
    return this.#points.get(key) ?? null;
  }

  /**
   * Keeps the card up to date: asks for the steps, again as the series grows, and for what there is to say of `wanted()`. Called in an
   * effect by the dashboard while the card is near the view.
   */
  follow(): void {
    this.#steps.ask(null, live.version(this.plugin, this.tag));
    const wanted = this.wanted().filter((key) => !this.#points.has(key));
    if (wanted.length) this.#reading.ask(wanted);
  }

  /** Keys of the points to ask about, the most urgent first: the chosen one and its neighbours, so that a step is there at once. */
  wanted(): string[] {
    const { index, steps } = this;
    return [index, index + 1, index - 1].flatMap((at) => steps?.key[at] ?? []);
  }

  async #read(keys: readonly string[]): Promise<void> {
    for (const point of await askPoints<P>(this.plugin, keys)) {
      this.#points.set(point.key, point);
    }
    const wanted = new Set(this.wanted());
    for (const key of this.#points.keys()) {
      if (this.#points.size <= keptPoints) break;
      if (!wanted.has(key)) this.#points.delete(key);
    }
  }

  get #position(): Position {
    return positions.get(this.run, this.tag);
  }

  set #position(next: Position) {
    positions.set(this.run, this.tag, next);
  }
}

/** Index of the step nearest to `wanted`; of equal ones the last. -1 if there is none. */
export function nearestStep(steps: ArrayLike<number>, wanted: number): number {
  let best = -1;
  let distance = Infinity;
  for (let i = 0; i < steps.length; i++) {
    const away = Math.abs(steps[i]! - wanted);
    if (away <= distance) [best, distance] = [i, away];
  }
  return best;
}
