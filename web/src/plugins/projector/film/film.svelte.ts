/**
 * The film of the tag that is shown: which of its steps are laid out, the frame of the step that is shown, and playing. Loaded when it is
 * opened first.
 */

import { untrack } from "svelte";
import { ConnectionError, isAbort } from "../../../api/client";
import { flag, number, param, text, word } from "../../../state/url.svelte";
import type { Entry, Reach } from "../data";
import { controlLayout, type JobAction } from "../layouts";
import { isFitted } from "../method";
import type { Projector } from "../state/projector.svelte";
import {
  aligns,
  askFilm,
  getFilmFrame,
  getProgress,
  isStill,
  nextStep,
  placesIn,
  playable,
  type Align,
  type FilmFrame,
  type FilmQuestion,
  type FilmState,
} from "./films";
import { KeptNeighbours } from "./keptNeighbours.svelte";
import { Trails } from "./trails.svelte";

/** What takes longer is started by somebody. */
const quick_s = 1;
/** After a connection broke it is tried again. */
const retry_ms = 1000;
export const speeds = [0.5, 1, 2, 4, 8] as const;

interface Kept {
  key: string;
  frame: FilmFrame;
}

export class Film {
  readonly #projector: Projector;
  readonly #align = param<Align | "auto">("align", "auto", word(["auto", ...aligns]));
  readonly #joint = param("joint", false, flag);
  /** Steps a second. */
  readonly speed = param("speed", 1, number);
  readonly repeats = param("repeat", false, flag);
  /** The step that neighbours are compared with: the one before, the first, or a tensor's name. */
  readonly against = param("against", "before", text);
  readonly trails: Trails;
  readonly kept: KeptNeighbours;

  state = $state.raw<FilmState | null>(null);
  error = $state.raw<Error | null>(null);
  /** Grows when the film is to be asked for anew. */
  #asked = $state(0);
  #wantsToPlay = $state(false);
  /** Frames by the tensor's name: of the step shown, of the next one, of some before. */
  #frames = $state.raw<ReadonlyMap<string, Kept>>(new Map());

  constructor(projector: Projector) {
    this.#projector = projector;
    this.trails = new Trails(projector, this);
    this.kept = new KeptNeighbours(projector, this);
  }

  /** How steps are brought over one another: turned and scaled, unless their axes have a meaning that is the same at every step. */
  get align(): Align {
    if (this.#align.value !== "auto") return this.#align.value;
    const { value } = this.#projector.method;
    return value === "axes" || (value === "pca" && this.joint) ? "none" : "similarity";
  }
  set align(align: Align) {
    this.#align.value = align;
  }

  /** Whether all steps are fitted together. Axes between points are the same at every step anyway. */
  get joint(): boolean {
    return this.#joint.value && this.#projector.method.value !== "axes";
  }
  set joint(joint: boolean) {
    this.#joint.value = joint;
  }

  /** How long a step is shown. */
  get pace_ms(): number {
    return 1000 / Math.min(60, Math.max(0.1, this.speed.value));
  }

  /** The frame of the step that is shown. */
  get frame(): FilmFrame | null {
    const name = this.#projector.data.loaded?.entry.name ?? "";
    const frame = this.#frames.get(name)?.frame;
    return frame && frame.coordinates.length > 0 ? frame : null;
  }

  /** Of all points at the step that is shown; null where it is not laid out. */
  get coordinates(): Float32Array[] | null {
    return this.frame?.coordinates ?? null;
  }

  get reach(): Reach | null {
    return this.state?.reach[this.align] ?? null;
  }

  /** Names the layout that is shown: the same name is the same coordinates. */
  get name(): string {
    return `film ${this.state?.id ?? ""} ${this.align}`;
  }

  /** Index of the step that is shown. */
  get at(): number {
    const name = this.#projector.data.loaded?.entry.name;
    return this.state?.steps.findIndex((step) => step.name === name) ?? -1;
  }

  /** Index of the step that neighbours are compared with; -1: there is none. */
  get comparedAt(): number {
    const steps = this.state?.steps ?? [];
    const { value } = this.against;
    if (value === "before") return steps.slice(0, Math.max(0, this.at)).findLastIndex(isShown);
    const at = value === "first" ? steps.findIndex(isShown) : steps.findIndex(({ name }) => name === value);
    return at === this.at ? -1 : at;
  }

  // -- computing ------------------------------------------------------------------------------------------------

  /** Asks for the film that the address names, and follows it while it is computed. What is quick starts by itself. */
  follow(signal: AbortSignal): void {
    const { choice } = this.#projector;
    void [choice.version, this.#asked];
    const question = this.#question;
    if (question) void untrack(() => this.#watch(question, signal));
  }

  /** Computes the steps that are not kept. */
  start(): void {
    const question = this.#question;
    if (!question) return;
    void this.#try(async () => {
      this.state = await askFilm(question, true);
      this.#asked++;
    });
  }

  control(action: JobAction): void {
    const { state } = this;
    if (!state?.job) return;
    const { job } = state;
    void this.#try(async () => {
      await controlLayout(job, action);
      this.#asked++;
    });
  }

  readonly #question = $derived.by((): FilmQuestion | null => {
    const { appearance, choice, method, methods } = this.#projector;
    const { group } = choice;
    const { value } = method;
    if (!group) return null;
    const asked = { run: group.run, tag: group.tag, fit: this.joint ? "joint" : "each" } as const;
    const sphereize = appearance.sphereize.value;
    const parameters = { sphereize: sphereize ? 1 : 0 };
    if (value === "pca") {
      const axes = appearance.shownAxes.map((component) => ({ component }));
      return { ...asked, method: "axes", axes, parameters };
    }
    if (!methods) return null;
    if (value === "axes") return { ...asked, method: value, axes: methods.askedAxes, parameters };
    return isFitted(value)
      ? {
          ...asked,
          method: value,
          axes: null,
          parameters: methods.settings.of(value, appearance.flat.value, sphereize),
        }
      : null;
  });

  async #watch(question: FilmQuestion, signal: AbortSignal): Promise<void> {
    await this.#try(async () => {
      let state = await askFilm(question, false, signal);
      if (state.state === "absent" && state.estimate.duration_s <= quick_s)
        state = await askFilm(question, true, signal);
      this.state = state;
      while (!isStill(state)) {
        try {
          state = await getProgress(state.id, state.news, signal);
          this.state = state;
        } catch (error) {
          if (!(error instanceof ConnectionError)) throw error;
          this.error = error;
          await new Promise((resolve) => setTimeout(resolve, retry_ms));
          signal.throwIfAborted();
        }
      }
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  // -- frames ---------------------------------------------------------------------------------------------------

  /** The frame of an embedding; null where it is no step of the film that is laid out. */
  async load(entry: Entry, signal: AbortSignal): Promise<FilmFrame | null> {
    const { state, align } = this;
    const at = this.#placeOf(entry);
    return state && at >= 0 ? getFilmFrame(state.id, at, align, signal) : null;
  }

  #placeOf({ name }: Entry): number {
    return this.state?.steps.findIndex((step) => step.name === name && isShown(step)) ?? -1;
  }

  /** Gets the frame of an embedding that is about to be shown. */
  async prepare(entry: Entry, signal: AbortSignal): Promise<void> {
    const key = `${this.state?.id} ${this.align}`;
    if (this.#frames.get(entry.name)?.key === key) return;
    try {
      const frame = await this.load(entry, signal);
      if (!frame) return;
      const others = [...this.#frames].filter(([name]) => name !== entry.name).slice(-3);
      this.#frames = new Map([...others, [entry.name, { key, frame }]]);
      this.error = null;
    } catch (error) {
      if (isAbort(error)) throw error;
      this.error = error as Error; // the step is shown all the same
    }
  }

  /** Gets the frame of the step that is shown when it is laid out, or laid out otherwise. */
  followFrame(signal: AbortSignal): void {
    const { loaded } = this.#projector.data;
    const { state } = this;
    const step = state?.steps.find(({ name }) => name === loaded?.entry.name);
    void [this.align, state?.id, step?.state];
    if (loaded) void untrack(() => this.prepare(loaded.entry, signal)).catch(() => {});
  }

  /** Where the points of an embedding are in that which was shown before; null: in the same rows; undefined: nothing is known. */
  placesFrom(before: Entry, after: Entry): Int32Array | null | undefined {
    const [one, two] = [before, after].map(({ name }) => this.#frames.get(name)?.frame);
    if (!one?.coordinates[0] || !two?.coordinates[0]) return undefined;
    return placesIn(
      { ids: one.ids, count: one.coordinates[0].length },
      { ids: two.ids, count: two.coordinates[0].length },
    );
  }

  // -- playing --------------------------------------------------------------------------------------------------

  get playing(): boolean {
    return this.#wantsToPlay;
  }

  /** Plays from the step that is shown, or from the first if that is the last. */
  set playing(plays: boolean) {
    this.#wantsToPlay = plays;
    const { state } = this;
    if (!plays || !state) return;
    const { choice } = this.#projector;
    if (!this.repeats.value && nextStep(state, choice.entry?.name ?? "", false) === null) {
      const first = playable(state)[0];
      if (first) choice.showName(first.name);
    }
  }

  /** Shows the next step when its time has come: the one before is on the screen, and the next is laid out. */
  followPlay(signal: AbortSignal): void {
    if (!this.#wantsToPlay) return;
    const { choice, data } = this.#projector;
    const { state } = this;
    const { entry } = choice;
    const arrived = data.loaded?.entry.name === entry?.name || data.error !== null;
    if (!state || !entry || !arrived) return;
    const next = nextStep(state, entry.name, this.repeats.value);
    if (!next || next.name === entry.name) {
      if (isStill(state)) this.#wantsToPlay = false;
      return;
    }
    const after = choice.group?.entries.find(({ name }) => name === next.name);
    if (after) void untrack(() => this.prepare(after, signal)).catch(() => {});
    const timer = setTimeout(() => choice.showName(next.name), this.pace_ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
}

function isShown({ state }: { state: string }): boolean {
  return state === "done";
}
