/** Sizes of boxes and labels: no text is ever cut, so boxes are as wide as what they say. */

import { formatCount } from "../../../base/format";
import { boldWeight } from "../../../charts/surface";
import type { Unit } from "../model/tree";

export const fonts = { title: 13, subtitle: 11, label: 10.5, header: 12 } as const;

export const header_px = 26;
const padding = 14;
/** Room for the mark that says: this opens. */
export const mark = 16;

/** How wide a text is, in px at scale 1. */
export type Measure = (text: string, size_px: number, bold?: boolean) => number;

const cacheSize = 20_000;

/** Measures with the browser's own fonts. @param font a CSS font-family list. */
export function textMeasure(font: string): Measure {
  const context = document.createElement("canvas").getContext("2d");
  const widths = new Map<string, number>();
  return (text, size_px, bold = false) => {
    if (!context) return text.length * size_px * 0.6;
    const style = `${bold ? `${boldWeight} ` : ""}${size_px}px ${font}`;
    const key = `${style} ${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      context.font = style;
      width = context.measureText(text).width;
      if (widths.size > cacheSize) widths.clear();
      widths.set(key, width);
    }
    return width;
  };
}

/** The second line of a box: instance name and how many parameters are inside. */
export function secondLine(unit: Unit): string {
  const count = unit.parameters ? formatCount(unit.parameters) : "";
  return [unit.subtitle, count].filter(Boolean).join(" · ");
}

export function firstLine(unit: Unit): string {
  return unit.repeats ? `${unit.title} × ${unit.repeats}` : unit.title;
}

/** Size of a closed box. Widths go in steps, so that equal modules with other names are laid out alike. */
export function boxSize(unit: Unit, measure: Measure): { width: number; height: number } {
  const title = measure(firstLine(unit), fonts.title, true) + (unit.children.length ? mark : 0);
  const second = secondLine(unit);
  const width = Math.max(title, measure(second, fonts.subtitle), 34) + 2 * padding;
  return { width: Math.ceil(width / 8) * 8, height: second ? 42 : 30 };
}

/** Width that an open scope's title needs. */
export function headerWidth(unit: Unit, measure: Measure): number {
  const title = measure(firstLine(unit), fonts.header, true) + measure(secondLine(unit), fonts.subtitle);
  return Math.ceil((title + mark + 40) / 8) * 8;
}

export function labelSize(label: string, measure: Measure): { width: number; height: number } {
  if (!label) return { width: 0, height: 0 };
  const lines = label.split("\n");
  const width = Math.max(...lines.map((line) => measure(line, fonts.label)));
  return { width: Math.ceil((width + 8) / 8) * 8, height: lines.length * 14 };
}
