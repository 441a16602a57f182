/** The state of the room: which embedding, how it looks, which points are meant, and from where it is seen. */

import { whenLoaded, type PartSource } from "../../../base/parts";
import { flag, number, param, url, word } from "../../../state/url.svelte";
import type { CloudModel } from "../cloud/model";
import { points_ms, type Move } from "../cloud/motion";
import { decodePose, encodePose, home, type CameraPose } from "../cloud/pose";
import type { Trail } from "../cloud/trails";
import { metrics, type Entry, type Metric } from "../data";
import type { Film } from "../film/film.svelte";
import { isFitted, methods, type Method } from "../method";
import { signsOf, type Area } from "../select/area";
import { formatShare } from "../share";
import type { Combine } from "../select/combine";
import type { Points } from "../select/evaluate";
import { Drops } from "../drop/drops.svelte";
import { Appearance } from "./appearance.svelte";
import { Bookmarks } from "./bookmarks.svelte";
import { EmbeddingChoice } from "./embeddingChoice.svelte";
import { EmbeddingData, type Loaded } from "./embeddingData.svelte";
import type { Methods } from "./methods.svelte";
import { NamedSelections } from "./namedSelections.svelte";
import { PointSelection } from "./pointSelection.svelte";

const mostNeighbours = 10_000;
/** The address takes the pose when the camera rests. */
const rest_ms = 250;

export class Projector implements CloudModel {
  readonly choice = new EmbeddingChoice();
  readonly data = new EmbeddingData();
  readonly method = param<Method>("method", "pca", word(methods));
  /** What other methods than PCA and measures of quality need, once one is asked for. */
  methods = $state.raw<Methods | null>(null);
  readonly appearance: Appearance = new Appearance(
    this.data,
    () => this.layout,
    () => (this.film?.coordinates ? this.film.reach : null),
  );
  /** Whether the steps are shown as a film, and what that needs once they are. */
  readonly filming = param("film", false, flag);
  #film = $state.raw<Film | null>(null);
  #playsAtOnce = false;
  /** Why what was asked for cannot be shown: its part of the page could not be loaded. */
  lacking = $state.raw<Error | null>(null);
  /** Somebody wants to know how far the picture can be trusted. */
  asksQuality = $state(false);
  readonly selection = new PointSelection(this.data, pointsOf(this), () => this.appearance.labelField);

  readonly named = new NamedSelections();
  readonly bookmarks = new Bookmarks();
  readonly drops = new Drops(this);

  readonly metric = param<Metric>("distance", "cosine", word(metrics));
  /** Whether neighbours are those in the picture, and not those in all dimensions. */
  readonly onPicture = param("near_picture", false, flag);
  readonly neighbours = param("neighbours", 20, number);
  readonly neighbourCount = $derived(
    Math.max(1, Math.min(mostNeighbours, Math.round(this.neighbours.value))),
  );

  #pose = $state.raw<CameraPose>(decodePose(url.get("view") ?? "") ?? home);
  #timer: ReturnType<typeof setTimeout> | undefined;

  get pose(): CameraPose {
    return this.#pose;
  }

  set pose(pose: CameraPose) {
    this.#pose = pose;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => url.set({ view: pose === home ? null : encodePose(pose) }), rest_ms);
  }

  /** Coordinates of a layout other than PCA, if one is shown. */
  get layout(): Float32Array[] | null {
    return this.film?.coordinates ?? this.methods?.coordinates ?? null;
  }

  /** The film, while the steps are shown as one. */
  get film(): Film | null {
    return this.filming.value ? this.#film : null;
  }

  /** Shows the layout of a method: of t-SNE and UMAP in the plane, unless one of them was shown. */
  setMethod(method: Method): void {
    const wasFitted = isFitted(this.method.value);
    this.method.value = method;
    if (wasFitted !== isFitted(method)) this.setFlat(!wasFitted);
  }

  /** Loads the layout that the address names. Call it where it runs again when that changes. */
  followMethod(signal: AbortSignal): void {
    if (this.methods) this.methods.follow(signal);
    else if (this.method.value !== "pca" || this.asksQuality)
      this.#load(
        () => import("./methods.svelte"),
        ({ Methods }) => (this.methods ??= new Methods(this)),
      );
  }

  /** Loads what a film needs, and calls `job` with it. Call it where it runs again when that changes. */
  followFilm(job: (film: Film) => void): void {
    if (!this.filming.value) return;
    if (this.#film) return job(this.#film);
    this.#load(
      () => import("../film/film.svelte"),
      ({ Film }) => {
        this.#film ??= new Film(this);
        if (this.#playsAtOnce) this.#film.playing = true;
        this.#playsAtOnce = false;
      },
    );
  }

  #load<T>(source: PartSource<T>, use: (part: T) => void): void {
    const take = (part: T): void => {
      this.lacking = null;
      use(part);
    };
    whenLoaded(source, take, (error) => (this.lacking = error));
  }

  /** Plays the steps, or stops. */
  togglePlay(): void {
    if ((this.choice.group?.entries.length ?? 0) < 2) return;
    if (this.film) this.film.playing = !this.film.playing;
    else {
      this.#playsAtOnce = true;
      this.filming.value = true;
      if (this.#film) this.#film.playing = true;
    }
  }

  moveStep(by: number): void {
    this.choice.moveStep(by);
  }

  /** Gets ready what is to be there when an embedding is shown. */
  prepare(entry: Entry, signal: AbortSignal): Promise<void> | undefined {
    return this.film?.prepare(entry, signal);
  }

  /** Takes over what is meant of the points that were shown, as far as they are among those that will be. */
  changePoints(before: Entry, after: Entry): void {
    const places = this.film?.placesFrom(before, after);
    if (places) this.selection.moveTo(places);
    else if (places === undefined) this.selection.forget();
  }

  get trails(): readonly Trail[] {
    return this.film?.trails.drawn ?? [];
  }

  #movedAt_ms = 0;

  /** A film moves steadily, and so does a layout that is being fitted, from frame to frame. */
  moveTo(before: Loaded, after: Loaded): Move | null {
    const { film } = this;
    const sinceLast_ms = performance.now() - this.#movedAt_ms;
    this.#movedAt_ms += sinceLast_ms;
    const known = before === after || after.same;
    const found = before.entry === after.entry ? null : film?.placesFrom(before.entry, after.entry);
    if (!known && found === undefined) return null;
    const places = found ?? null;
    if (film?.playing) return { places, duration_ms: film.pace_ms, steady: true };
    if (before === after && this.methods?.run.progress?.state === "running")
      return { places, duration_ms: Math.min(600, Math.max(60, sinceLast_ms)), steady: true };
    return { places, duration_ms: points_ms, steady: false };
  }

  /** At the axes' ends; none where their directions mean nothing. */
  get axisNames(): readonly string[] {
    const { appearance, data, film, method, methods } = this;
    if (film?.coordinates && film.align !== "none") return [];
    if (method.value !== "pca" && this.layout && methods) return methods.axisNames;
    const ofAll = film?.coordinates && film.joint;
    return appearance.shownAxes.map((component) => {
      if (ofAll) return `PC ${component + 1}`;
      const fraction = data.projection?.variance[component];
      return fraction === undefined ? "" : `PC ${component + 1} · ${formatShare(fraction)}`;
    });
  }

  /** Names the layout that is shown: the same name is the same coordinates. One that is being computed has another at each frame. */
  readonly layoutName = $derived.by(() => {
    const name = this.data.loaded?.entry.name ?? "";
    if (this.film?.coordinates) return `${name} ${this.film.name}`;
    if (this.layout && this.methods) return `${name} ${this.methods.name}`;
    const { shownAxes, sphereize } = this.appearance;
    return `${name} pca${sphereize.value ? " sphereize" : ""} ${shownAxes.join(" ")}`;
  });

  /** Selects what was drawn over the cloud. */
  chooseArea(seen: Pick<Area, "eye" | "target" | "polygon">, combine: Combine): void {
    const signs = signsOf(this.appearance.positions);
    this.selection.choose({ kind: "area", area: { ...seen, signs, layout: this.layoutName } }, combine);
  }

  /** In the plane or in space. */
  setFlat(flat: boolean): void {
    this.appearance.flat.value = flat;
    this.pose = { ...home, yaw: this.#pose.yaw, pitch: this.#pose.pitch };
  }
}

/** What rules are evaluated on: read when it is needed, so that who reads no positions does not depend on them. */
function pointsOf(p: Projector): Points {
  return {
    get count() {
      return p.data.pointCount;
    },
    get fields() {
      return p.data.fields;
    },
    get positions() {
      return p.appearance.positions;
    },
    get layout() {
      return p.layoutName;
    },
  };
}
