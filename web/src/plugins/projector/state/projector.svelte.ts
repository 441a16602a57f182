/** The state of the room: which embedding, how it looks, which points are meant, and from where it is seen. */

import { number, param, url, word } from "../../../state/url.svelte";
import { decodePose, encodePose, home, type CameraPose } from "../cloud/pose";
import type { Metric } from "../data";
import type { Fitted, Method, Settings } from "../layouts";
import { Appearance } from "./appearance.svelte";
import { EmbeddingChoice } from "./embeddingChoice.svelte";
import { EmbeddingData } from "./embeddingData.svelte";
import { LayoutRun } from "./layoutRun.svelte";
import { LayoutSettings } from "./layoutSettings.svelte";
import { PointSelection } from "./pointSelection.svelte";

const mostNeighbours = 10_000;
/** The address takes the pose when the camera rests. */
const rest_ms = 250;

export class Projector {
  readonly choice = new EmbeddingChoice();
  readonly data = new EmbeddingData();
  readonly settings = new LayoutSettings();
  readonly run = new LayoutRun();
  readonly appearance = new Appearance(this.data, () => this.run.coordinates);
  readonly selection = new PointSelection(this.data, () => this.appearance.labelField);

  readonly metric = param<Metric>("metric", "cosine", word(["cosine", "euclidean"] as const));
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

  /** Shows the layout of a method: of t-SNE and UMAP in the plane, unless one of them was shown. */
  setMethod(method: Method): void {
    const wasFitted = this.settings.fitted !== null;
    this.settings.method.value = method;
    if (wasFitted !== (this.settings.fitted !== null)) this.setFlat(!wasFitted);
  }

  /** Asks the server for the layout that the address names. */
  startLayout(): void {
    const { fitted } = this.settings;
    if (fitted && this.data.loaded)
      void this.run.start(this.data.loaded.entry, fitted, this.layoutSettings(fitted));
  }

  layoutSettings(method: Fitted): Settings {
    return this.settings.of(method, this.appearance.flat.value, this.appearance.sphereize.value);
  }

  /** In the plane or in space. */
  setFlat(flat: boolean): void {
    this.appearance.flat.value = flat;
    this.pose = { ...home, yaw: this.#pose.yaw, pitch: this.#pose.pitch };
  }
}
