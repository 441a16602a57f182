/** How the points look: on which axes, in which colours, with which labels, drawn as what. All of it stands in the address. */

import { settings } from "../../../state/settings.svelte";
import { flag, number, param, text, word } from "../../../state/url.svelte";
import { drawings, type Drawing } from "../cloud/painter";
import { sequenceFields } from "../cloud/sequences";
import { coloringOf, colorForms, firstColored, gradients, type ColorForm, type Gradient } from "../colors";
import { positionsOf, valueOf, type Field, type Reach } from "../data";
import { scales, type ScaleKind } from "../scales";
import type { EmbeddingData } from "./embeddingData.svelte";
import { optional } from "./params";

export const labelModes = ["off", "groups", "points"] as const;
export type LabelMode = (typeof labelModes)[number];

/** No field: one colour for all; the point's number for a label. An empty name cannot be a field's. */
export const noField = "";

/** Up to so many points are drawn as images from the start, and so many texts as labels. */
const mostImages = 20_000;
const mostLabels = 20_000;
/** More points are drawn as a density: they would only cover each other. */
const mostPoints = 100_000;
const mostGroups = 24;

export class Appearance {
  readonly #data: EmbeddingData;
  readonly #layout: () => Float32Array[] | null;
  readonly #reach: () => Reach | null;

  readonly sphereize = param("sphereize", false, flag);
  readonly flat = param("plane", false, flag);
  readonly axes = ["x", "y", "z"].map((axis, at) => param(axis, at, number));
  readonly color = param("color_by", null, optional(text));
  readonly #form = param<ColorForm>("color_as", "auto", word(colorForms));
  /** As addresses had it before there was `color_as`. */
  readonly #asGradient = param("as_gradient", false, flag);
  readonly scale = param<ScaleKind | null>("color_scale", null, optional(word(scales)));
  readonly gradient = param<Gradient>("gradient", "viridis", word(gradients));
  readonly label = param("label", null, optional(text));
  readonly #labels = param("labels", null, optional(word(labelModes)));
  readonly #drawing = param("draw", null, optional(word(drawings)));
  readonly size = param("size", 1, number);

  /**
   * @param layout coordinates of a layout other than PCA, if one is shown.
   * @param reach of all layouts that are drawn on one scale with it.
   */
  constructor(data: EmbeddingData, layout: () => Float32Array[] | null, reach: () => Reach | null) {
    this.#data = data;
    this.#layout = layout;
    this.#reach = reach;
  }

  /** Components that the address asks for, whether there are so many or not. */
  get wantedComponents(): number[] {
    const wanted = this.axes.slice(0, this.flat.value ? 2 : 3).map(({ value }) => value);
    return wanted.filter((at) => Number.isInteger(at) && at >= 0 && at < 1000);
  }

  /** Indices of the components on the axes; the third is left out in the plane. */
  readonly shownAxes = $derived.by(() => {
    const most = Math.max(this.#data.projection?.components.length ?? 0, 3);
    return this.axes
      .slice(0, this.flat.value ? 2 : 3)
      .map(({ value }, at) => (Number.isInteger(value) && value >= 0 && value < most ? value : at));
  });
  readonly positions = $derived.by(() => {
    const { projection, pointCount } = this.#data;
    const layout = this.#layout();
    if (layout?.[0]?.length === pointCount) return positionsOf(layout, pointCount, this.#reach());
    if (!projection) return new Float32Array();
    return positionsOf(
      this.shownAxes.map((axis) => projection.components[axis] ?? undefined),
      pointCount,
    );
  });

  /** The columns that say something of a point. */
  readonly #described = $derived.by(() =>
    this.#data.fields.filter(({ name }) => !sequenceFields.includes(name)),
  );
  readonly colorField = $derived.by(() => this.#fieldOf(this.color.value, firstColored(this.#described)));
  readonly labelField = $derived.by(() => this.#fieldOf(this.label.value, this.#described[0] ?? null));
  readonly coloring = $derived(
    coloringOf(this.colorField, {
      form: this.form,
      gradient: this.gradient.value,
      scale: this.scale.value,
      dark: settings.dark,
    }),
  );

  /** Whether the colours are those of categories or of numbers. */
  get form(): ColorForm {
    return this.#asGradient.value ? "gradient" : this.#form.value;
  }
  set form(form: ColorForm) {
    this.#asGradient.value = false;
    this.#form.value = form;
  }

  /** What points can be drawn as. */
  readonly drawings = $derived.by<Drawing[]>(() => {
    const { sprite } = this.#data;
    const own: Drawing[] = !sprite ? [] : sprite.background ? ["images", "ink"] : ["images"];
    return ["points", ...own, "names", "density"];
  });
  /** What they are drawn as: as asked, as far as there are images. */
  get drawing(): Drawing {
    const wanted = this.#drawing.value;
    if (wanted && this.drawings.includes(wanted)) return wanted;
    const { pointCount, sprite } = this.#data;
    if (pointCount > mostPoints && wanted === null) return "density";
    if (!sprite || (wanted === null && pointCount > mostImages)) return "points";
    return sprite.background ? "ink" : "images";
  }
  set drawing(drawing: Drawing) {
    this.#drawing.value = drawing;
  }

  get labelMode(): LabelMode {
    if (this.#labels.value) return this.#labels.value;
    const { pointCount } = this.#data;
    const groups = this.coloring.kind === "categories" ? this.coloring.field.values.length : Infinity;
    if (groups <= mostGroups && pointCount > 3 * groups) return "groups";
    return this.labelField && pointCount <= mostLabels ? "points" : "groups";
  }
  set labelMode(mode: LabelMode) {
    this.#labels.value = mode;
  }

  /** What a point is called. */
  nameOf(index: number): string {
    return (this.labelField && valueOf(this.labelField, index)) || String(index);
  }

  #fieldOf(name: string | null, fallback: Field | null): Field | null {
    if (name === noField) return null;
    return this.#data.fields.find((field) => field.name === name) ?? fallback;
  }
}
