/** What of the room's state is drawn, in the page's colours: highlights, labels, rings, axes. */

import { parseColor } from "../../../base/color";
import { whenLoaded } from "../../../base/parts";
import { chartTheme } from "../../../charts/theme";
import { settings } from "../../../state/settings.svelte";
import { greyOf } from "../categoryColors";
import { valueColors } from "../colors";
import type { CloudModel } from "./model";
import { paintColors } from "./highlight";
import type * as clusters from "./clusters";
import type { GroupName, Labelling } from "./labelling";
import { medians } from "./medians";
import type { Ring } from "./overlay";
import { diameterFor } from "./painter";
import { segmentsOf } from "./sequences";

export class CloudScene {
  readonly #projector: CloudModel;
  readonly #element: Element;
  width = $state(0);
  height = $state(0);

  /** @param element its computed style gives the colours. */
  constructor(projector: CloudModel, element: Element) {
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

  readonly axisNames = $derived.by(() => this.#projector.axisNames);
  readonly trails = $derived.by(() => this.#projector.trails);

  readonly rings = $derived.by(() => {
    const { focus, hovered } = this.#projector.selection;
    const rings: Ring[] = [];
    if (focus >= 0) rings.push({ index: focus, color: this.theme.text });
    if (hovered >= 0 && hovered !== focus) rings.push({ index: hovered, color: this.theme.accent });
    return rings;
  });

  /** Lines from point to point, by a column of successors. */
  readonly segments = $derived.by(() => {
    const { data } = this.#projector;
    return segmentsOf(data.fields, data.pointCount);
  });

  #clusters = $state.raw<typeof clusters | null>(null);
  /** Clusters, once the script that finds them is there. */
  readonly #clustersOf: typeof clusters.clustersOf = (...points) => {
    if (this.#clusters) return this.#clusters.clustersOf(...points);
    whenLoaded(
      () => import("./clusters"),
      (loaded) => (this.#clusters = loaded),
    );
    return [];
  };

  /** The values of the colouring column, else what dense parts of the cloud have in common. */
  readonly #groups = $derived.by((): GroupName[] => {
    const { appearance, data, selection } = this.#projector;
    const { labelMode, coloring, positions } = appearance;
    if (labelMode !== "groups") return [];
    const only = selection.shown && new Set(selection.shown);
    const shown = (index: number): boolean => !only || only.has(index);
    if (coloring.kind === "categories") {
      const { codes, values } = coloring.field;
      return medians(positions, codes, values.length, shown).flatMap((at, code) => {
        const text = values[code];
        if (!at || !text) return [];
        const color = coloring.colors[code]!;
        return [{ text, at, color, holds: (chosen) => chosen.some((index) => codes[index] === code) }];
      });
    }
    return this.#clustersOf(positions, data.fields, shown).map(({ name, members }) => {
      const inside = new Set(members);
      const [at] = medians(positions, new Uint32Array(data.pointCount), 1, (index) => inside.has(index));
      return {
        text: name,
        at: at!,
        color: null,
        holds: (chosen) => chosen.some((index) => inside.has(index)),
      };
    });
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
      groups: this.#groups,
      color: this.theme.text,
      dimColor: this.theme.dim,
    };
  });
}
