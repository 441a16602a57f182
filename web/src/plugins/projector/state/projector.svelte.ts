/** The state of the room: which embedding, how it looks, which points are meant, and from where it is seen. */

import { flag, number, param, url, word } from "../../../state/url.svelte";
import { decodePose, encodePose, home, type CameraPose } from "../cloud/pose";
import { metrics, type Metric } from "../data";
import { isFitted, methods, type Method } from "../method";
import { signsOf, type Area } from "../select/area";
import type { Combine } from "../select/combine";
import type { Points } from "../select/evaluate";
import { Drops } from "../drop/drops.svelte";
import { Appearance } from "./appearance.svelte";
import { Bookmarks } from "./bookmarks.svelte";
import { EmbeddingChoice } from "./embeddingChoice.svelte";
import { EmbeddingData } from "./embeddingData.svelte";
import type { Methods } from "./methods.svelte";
import { NamedSelections } from "./namedSelections.svelte";
import { PointSelection } from "./pointSelection.svelte";

const mostNeighbours = 10_000;
/** The address takes the pose when the camera rests. */
const rest_ms = 250;

export class Projector {
  readonly choice = new EmbeddingChoice();
  readonly data = new EmbeddingData();
  readonly method = param<Method>("method", "pca", word(methods));
  /** What other methods than PCA and measures of quality need, once one is asked for. */
  methods = $state.raw<Methods | null>(null);
  readonly appearance: Appearance = new Appearance(this.data, () => this.layout);
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
    return this.methods?.coordinates ?? null;
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
      void import("./methods.svelte").then(({ Methods }) => (this.methods ??= new Methods(this)));
  }

  /** Names the layout that is shown: the same name is the same coordinates. One that is being computed has another at each frame. */
  readonly layoutName = $derived.by(() => {
    const name = this.data.loaded?.entry.name ?? "";
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
