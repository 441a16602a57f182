/** What of the room's state is drawn, in the page's colours: highlights, labels, rings, axes. */

import { parseColor } from "../../../base/color";
import { chartTheme } from "../../../charts/theme";
import { settings } from "../../../state/settings.svelte";
import { greyOf } from "../categoryColors";
import { valueColors } from "../colors";
import type { Projector } from "../state/projector.svelte";
import { formatShare } from "../share";
import { paintColors } from "./highlight";
import type { Labelling } from "./labelling";
import { medians } from "./medians";
import type { Ring } from "./overlay";
import { diameterFor } from "./painter";

export class CloudScene {
  readonly #projector: Projector;
  readonly #element: Element;
  width = $state(0);
  height = $state(0);

  /** @param element its computed style gives the colours. */
  constructor(projector: Projector, element: Element) {
    this.#projector = projector;
    this.#element = element;
  }

  readonly theme = $derived.by(() => {
    void settings.dark;
    return chartTheme(this.#element);
  });
  readonly background = $derived(parseColor(this.theme.background));

  readonly #codes = $derived.by(() => {
    const { coloring } = this.#projector.appearance;
    return coloring.kind === "one" ? null : coloring.field.codes;
  });
  /** Colour and highlight of every point. */
  readonly colors = $derived.by(() => {
    const { data, appearance, selection } = this.#projector;
    const palette = valueColors(appearance.coloring, parseColor(this.theme.accent), greyOf(settings.dark));
    return paintColors(data.pointCount, palette, this.#codes, selection.highlighted, selection.shown);
  });
  readonly diameter = $derived.by(() => {
    const { appearance, selection, pose } = this.#projector;
    return diameterFor(
      selection.shownCount,
      appearance.drawing,
      this.width * this.height,
      pose.zoom,
      appearance.size.value,
    );
  });

  readonly axisNames = $derived.by(() => {
    const { data, appearance, run } = this.#projector;
    if (run.coordinates) return []; // the directions of t-SNE and UMAP mean nothing
    return appearance.shownAxes.map((component) => {
      const fraction = data.projection?.variance[component];
      return fraction === undefined ? "" : `PC ${component + 1} · ${formatShare(fraction)}`;
    });
  });

  readonly rings = $derived.by(() => {
    const { focus, hovered } = this.#projector.selection;
    const rings: Ring[] = [];
    if (focus >= 0) rings.push({ index: focus, color: this.theme.text });
    if (hovered >= 0 && hovered !== focus) rings.push({ index: hovered, color: this.theme.accent });
    return rings;
  });

  readonly #groupPlaces = $derived.by(() => {
    const { labelMode, coloring, positions } = this.#projector.appearance;
    if (labelMode !== "groups" || coloring.kind !== "categories") return null;
    const { shown } = this.#projector.selection;
    const only = shown && new Set(shown);
    const { codes, values } = coloring.field;
    return medians(positions, codes, values.length, (index) => !only || only.has(index));
  });
  readonly labelling = $derived.by((): Labelling => {
    const { appearance, selection } = this.#projector;
    return {
      mode: appearance.labelMode,
      sameAsGroups: appearance.labelField === appearance.colorField,
      nameOf: (index) => appearance.nameOf(index),
      hovered: selection.hovered,
      focus: selection.focus,
      highlighted: selection.highlighted,
      coloring: appearance.coloring,
      groupPlaces: this.#groupPlaces,
      color: this.theme.text,
      dimColor: this.theme.dim,
    };
  });
}
