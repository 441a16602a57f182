/** Layouts by other methods than PCA: loaded when the first of them is chosen. */

import { untrack } from "svelte";
import { askedAxis, axisName, type AskedAxis } from "../axes";
import { isFinal, type Settings } from "../layouts";
import { isFitted, type Fitted, type Method } from "../method";
import type { Quality } from "../quality";
import { CustomAxes } from "./customAxes.svelte";
import { LayoutQuality } from "./layoutQuality.svelte";
import { LayoutRun } from "./layoutRun.svelte";
import { LayoutSettings } from "./layoutSettings.svelte";
import type { Appearance } from "./appearance.svelte";
import type { EmbeddingData } from "./embeddingData.svelte";

/** Of so many numbers the quality of a layout is measured without a question. */
const quick_values = 300_000;

/** What layouts are made of. */
interface Source {
  readonly data: EmbeddingData;
  readonly appearance: Appearance;
  readonly method: { readonly value: Method };
  /** Somebody wants to know how far the picture can be trusted. */
  readonly asksQuality: boolean;
}

export class Methods {
  readonly #projector: Source;
  #first: boolean;
  readonly settings = new LayoutSettings();
  readonly run = new LayoutRun();
  readonly axes: CustomAxes;
  readonly quality = new LayoutQuality();

  constructor(projector: Source) {
    this.#projector = projector;
    this.#first = projector.asksQuality;
    const { appearance } = projector;
    this.axes = new CustomAxes(() => appearance.colorField ?? appearance.labelField);
  }

  /** Of all points; null while there is no layout. */
  get coordinates(): Float32Array[] | null {
    const { method } = this.#projector;
    if (isFitted(method.value)) return this.run.coordinates;
    return method.value === "axes" ? (this.axes.layout?.coordinates ?? null) : null;
  }

  /** Of the layout: the same name is the same coordinates. One that is being computed has another at each frame. */
  get name(): string {
    const { plan, progress } = this.run;
    if (!isFitted(this.#projector.method.value)) {
      const sphereize = this.#projector.appearance.sphereize.value;
      return `axes ${JSON.stringify(this.askedAxes)}${sphereize ? " sphereize" : ""}`;
    }
    const frame = progress && !isFinal(progress.state) ? ` ${progress.iteration ?? 0}` : "";
    return `${plan?.id ?? ""}${frame}`;
  }

  /** The directions of t-SNE and UMAP mean nothing, so they have no names. */
  get axisNames(): string[] {
    const { method, appearance } = this.#projector;
    if (isFitted(method.value)) return [];
    const shown = this.axes.axes.slice(0, appearance.shownAxes.length);
    return shown.map((axis) => axisName(axis, (index) => appearance.nameOf(index)));
  }

  /** The quality of the layout: of t-SNE and UMAP it comes with the last frame, of the others it is measured. */
  get measured(): Quality | null {
    const { method } = this.#projector;
    return isFitted(method.value) ? (this.run.progress?.quality ?? null) : this.quality.found;
  }

  /** What lies on the axes of a layout that needs no job, as the server is asked for it. */
  get askedAxes(): AskedAxis[] {
    const { appearance, data, method } = this.#projector;
    if (method.value !== "axes") return appearance.shownAxes.map((component) => ({ component }));
    const shown = this.axes.axes.slice(0, appearance.shownAxes.length);
    return shown.map((axis) => askedAxis(axis, data.fields));
  }

  /** Loads the layout that the address names, as far as it is kept or takes no time. */
  follow(signal: AbortSignal): void {
    const { method, data, appearance } = this.#projector;
    const { loaded } = data;
    const { value } = method;
    const sphereize = appearance.sphereize.value;
    void this.run.asked;
    if (loaded && isFitted(value)) {
      const wanted = this.#settingsOf(value);
      void untrack(() => this.run.follow(loaded.entry, value, wanted, signal));
    } else untrack(() => this.run.clear());
    if (loaded && value === "axes") {
      const asked = this.askedAxes;
      void untrack(() => this.axes.load(loaded.entry, asked, sphereize, signal));
    } else untrack(() => this.axes.clear());
  }

  /** Asks the server to compute the layout that the address names. */
  start(): void {
    const { method, data } = this.#projector;
    const { value } = method;
    if (data.loaded && isFitted(value))
      void this.run.start(data.loaded.entry, value, this.#settingsOf(value));
  }

  /** Measures the quality of a layout that needs no job. */
  async measure(signal?: AbortSignal): Promise<void> {
    const { data, appearance } = this.#projector;
    if (data.loaded)
      await this.quality.measure(data.loaded.entry, this.askedAxes, appearance.sphereize.value, signal);
  }

  /** Forgets what was measured of another layout. What takes no time, or was just asked for, is measured at once. */
  followQuality(signal: AbortSignal): void {
    const { method, data, appearance } = this.#projector;
    const fitted = isFitted(method.value);
    const { projection } = data;
    void [this.askedAxes, appearance.sphereize.value];
    untrack(() => {
      this.quality.clear();
      if (!projection || fitted) return;
      const quick = projection.shape[0] * projection.shape[1] <= quick_values;
      if (quick || this.#first) void this.measure(signal);
      this.#first = false;
    });
  }

  #settingsOf(method: Fitted): Settings {
    const { appearance } = this.#projector;
    return this.settings.of(method, appearance.flat.value, appearance.sphereize.value);
  }
}
