/** A second embedding, or another step of the same one, beside the first: with its selection, and with its camera if wanted. */

import { untrack } from "svelte";
import { isAbort } from "../../../api/client";
import { whenLoaded } from "../../../base/parts";
import { flag, param } from "../../../state/url.svelte";
import type { CloudModel } from "../cloud/model";
import { points_ms, type Move } from "../cloud/motion";
import { home, type CameraPose } from "../cloud/pose";
import type { Trail } from "../cloud/trails";
import { positionsOf, type Entry, type Reach } from "../data";
import { getMatching } from "../film/changes";
import { placesIn, type FilmFrame, type Matched } from "../film/films";
import type { Method } from "../method";
import { pointsIn, signsOf, type Area } from "../select/area";
import type { Combine } from "../select/combine";
import { indicesOf } from "../select/mask";
import { pointsRule } from "../select/rule";
import { Appearance } from "../state/appearance.svelte";
import { EmbeddingChoice } from "../state/embeddingChoice.svelte";
import { EmbeddingData, type Loaded } from "../state/embeddingData.svelte";
import type { Methods } from "../state/methods.svelte";
import type { Projector } from "../state/projector.svelte";
import { BesideSelection } from "./besideSelection.svelte";
import { turned, turnOnto } from "./turn";

interface Matching {
  /** Of which two embeddings. */
  key: string;
  kind: Matched;
  /** Of each point its index in the first cloud, -1 where it is not there. */
  places: Int32Array;
}

export class Beside implements CloudModel {
  readonly #first: Projector;
  readonly choice = new EmbeddingChoice("beside_");
  readonly data = new EmbeddingData();
  readonly appearance: Appearance;
  readonly selection: BesideSelection;
  /** Whether both clouds are seen from the same side. */
  readonly oneCamera = param("one_camera", true, flag);
  /** Whether this cloud is turned onto the first. */
  readonly turns = param("beside_turn", true, flag);
  /** Layouts by other methods, of this embedding. */
  methods = $state.raw<Methods | null>(null);
  readonly asksQuality = false;
  #pose = $state.raw<CameraPose>(home);
  #frame = $state.raw<{ name: string; frame: FilmFrame } | null>(null);
  #frameBefore: { name: string; frame: FilmFrame } | null = null;
  #matching = $state.raw<Matching | null>(null);
  error = $state.raw<Error | null>(null);

  constructor(first: Projector) {
    this.#first = first;
    this.appearance = new Appearance(
      this.data,
      () => this.layout,
      () => this.#reach,
    );
    const { data, appearance } = this;
    const points = {
      get count() {
        return data.pointCount;
      },
      get fields() {
        return data.fields;
      },
      get positions() {
        return appearance.positions;
      },
      layout: "beside",
    };
    this.selection = new BesideSelection(first.selection, points, () => this.#places);
  }

  get method(): { value: Method } {
    return this.#first.method;
  }

  get pose(): CameraPose {
    return this.oneCamera.value ? this.#first.pose : this.#pose;
  }
  set pose(pose: CameraPose) {
    if (this.oneCamera.value) this.#first.pose = pose;
    else this.#pose = pose;
  }

  /** How its points are matched with the first cloud's; null: that is not known yet. */
  get matched(): Matched | null {
    return this.#known?.kind ?? null;
  }
  get #known(): Matching | null {
    return this.#matching?.key === this.#pair ? this.#matching : null;
  }
  get #places(): Int32Array | null {
    const known = this.#known;
    return known && (known.kind === "row" || known.kind === "label") ? known.places : null;
  }
  readonly #pair = $derived.by(() => {
    const [own, first] = [this.data.loaded?.entry, this.#first.data.loaded?.entry];
    return own && first ? JSON.stringify([own.run, own.name, first.run, first.name]) : "";
  });

  // -- layout ---------------------------------------------------------------------------------------------------

  /** Of the film that the first cloud shows, where this is a step of it. */
  get #filmed(): FilmFrame | null {
    const { film } = this.#first;
    const held = this.#frame;
    const isShown = held !== null && held.name === this.data.loaded?.entry.name;
    return film?.coordinates && this.#isOfFilm && isShown ? held.frame : null;
  }
  get #isOfFilm(): boolean {
    const [own, first] = [this.choice.group, this.#first.choice.group];
    return own?.run === first?.run && own?.tag === first?.tag;
  }
  get #reach(): Reach | null {
    return this.#filmed ? (this.#first.film?.reach ?? null) : null;
  }

  /** Coordinates of all points, turned onto the first cloud's if that is wanted and the points are known. */
  readonly layout = $derived.by((): Float32Array[] | null => {
    const filmed = this.#filmed;
    if (filmed) return filmed.coordinates;
    const { projection, pointCount } = this.data;
    const components = this.appearance.shownAxes.flatMap((axis) => projection?.components[axis] ?? []);
    const isWhole = components.length === this.appearance.shownAxes.length;
    const own = this.methods?.coordinates ?? (isWhole ? components : null);
    const places = this.#places;
    if (!own || !this.turns.value || !places || this.method.value === "axes") return own;
    const positions = positionsOf(own, pointCount);
    return turned(own, turnOnto(positions, this.#first.appearance.positions, places));
  });
  /** Whether the layout that is asked for is there, and not the principal components in its place. */
  get layoutIsThere(): boolean {
    return this.#filmed !== null || Boolean(this.methods?.coordinates);
  }
  get isTurned(): boolean {
    return !this.#filmed && this.turns.value && this.#places !== null && this.method.value !== "axes";
  }

  get axisNames(): readonly string[] {
    const names = this.#first.axisNames;
    return this.isTurned ? [] : names.map((name) => name.replace(/ · .*/, ""));
  }
  get trails(): readonly Trail[] {
    return [];
  }

  // -- loading: called where it runs again when what it reads changes ------------------------------------------

  /** Shows another step of the embedding, or one of another run or tag: what the address does not name. */
  open(): void {
    const { choice } = this.#first;
    this.choice.listing = choice.listing;
    const { group } = choice;
    if (!group || this.choice.isNamed) return;
    const first = group.entries[0];
    if (group.entries.length > 1 && first) {
      this.choice.showGroup(group.run, group.tag);
      this.choice.showEntry(first === choice.entry ? group.entries.at(-1)! : first);
      return;
    }
    const other = choice.groups.find((another) => another !== group) ?? group;
    this.choice.showGroup(other.run, other.tag);
  }

  followListing(): void {
    this.choice.listing = this.#first.choice.listing;
  }

  follow(signal: AbortSignal): void {
    const { entry } = this.choice;
    const sphereize = this.appearance.sphereize.value;
    const wanted = entry && JSON.stringify(entry);
    void [wanted, this.choice.version];
    if (!entry) return;
    const components = untrack(() => [...new Set([...this.appearance.wantedComponents, 0, 1])]);
    const prepare = (): Promise<void> => this.#prepare(entry, signal);
    void untrack(() => this.data.load(entry, sphereize, components, prepare, () => {}, signal));
  }

  followComponents(signal: AbortSignal): void {
    const { loaded } = this.data;
    const shown = this.appearance.shownAxes;
    const sphereize = this.appearance.sphereize.value;
    if (loaded) void untrack(() => this.data.loadComponents(loaded, sphereize, shown, signal));
  }

  followSprite(signal: AbortSignal): void {
    const { loaded } = this.data;
    if (loaded) void untrack(() => this.data.loadSprite(loaded, signal));
  }

  followFrame(signal: AbortSignal): void {
    const { film } = this.#first;
    const { loaded } = this.data;
    void [film?.state, film?.align, this.#isOfFilm];
    if (loaded) void untrack(() => this.#prepare(loaded.entry, signal)).catch(() => {});
  }

  /** Layouts by other methods than PCA. */
  followMethod(signal: AbortSignal): void {
    const { methods, method } = this.#first;
    if (this.methods) this.methods.follow(signal);
    else if (methods && method.value !== "pca")
      whenLoaded(
        () => import("../state/methods.svelte"),
        ({ Methods }) => (this.methods ??= new Methods(this)),
      );
  }

  followMatching(signal: AbortSignal): void {
    const key = this.#pair;
    const [own, first] = [this.data.loaded?.entry, this.#first.data.loaded?.entry];
    if (own && first && key) void untrack(() => this.#match(key, own, first, signal));
  }

  async #match(key: string, own: Entry, first: Entry, signal: AbortSignal): Promise<void> {
    try {
      this.#matching = { key, ...(await getMatching(own, first, signal)) };
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  async #prepare(entry: Entry, signal: AbortSignal): Promise<void> {
    const { film } = this.#first;
    const frame = film && this.#isOfFilm ? await film.load(entry, signal) : null;
    if (!frame) return;
    if (this.#frame?.name !== entry.name) this.#frameBefore = this.#frame;
    this.#frame = { name: entry.name, frame };
  }

  // -- what the cloud asks --------------------------------------------------------------------------------------

  moveTo(before: Loaded, after: Loaded): Move | null {
    if (before === after || after.same) return { places: null, duration_ms: points_ms, steady: false };
    const [one, two] = [this.#frameBefore, this.#frame];
    if (one?.name !== before.entry.name || two?.name !== after.entry.name) return null;
    const sized = ({ frame }: { frame: FilmFrame }) => ({
      ids: frame.ids,
      count: frame.coordinates[0]?.length ?? 0,
    });
    return { places: placesIn(sized(one), sized(two)), duration_ms: points_ms, steady: false };
  }

  chooseArea(seen: Pick<Area, "eye" | "target" | "polygon">, combine: Combine): void {
    const { positions } = this.appearance;
    const area = { ...seen, signs: signsOf(positions), layout: "beside" };
    const inside = this.selection.inFirst(indicesOf(pointsIn(area, positions)));
    if (inside.length > 0 || combine === "replace") this.#first.selection.choose(pointsRule(inside), combine);
  }

  moveStep(by: number): void {
    this.choice.moveStep(by);
  }

  togglePlay(): void {
    this.#first.togglePlay();
  }
}
