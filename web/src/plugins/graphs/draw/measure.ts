/** Sizes of boxes and labels: no text is ever cut, so boxes are as wide as what they say. */

import { formatCount } from "../../../base/format";
import type { Unit } from "../model/tree";

export const fonts = { title: 13, subtitle: 11, label: 10.5, header: 12 } as const;
export const family =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export const header_px = 26;
const padding = 14;
/** Room for the mark that says: this opens. */
export const mark = 16;

/** How wide a text is, in px at scale 1. */
export type Measure = (text: string, size: number, weight: number) => number;

let context: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** Measures with the browser's own fonts. */
export const measureText: Measure = (text, size, weight) => {
  const key = `${size} ${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context ??= document.createElement("canvas").getContext("2d");
    if (!context) return text.length * size * 0.6;
    context.font = `${weight} ${size}px ${family}`;
    width = context.measureText(text).width;
    if (widths.size > 20_000) widths.clear();
    widths.set(key, width);
  }
  return width;
};

/** The second line of a box: instance name and how many parameters are inside. */
export function secondLine(unit: Unit): string {
  const count = unit.parameters ? formatCount(unit.parameters) : "";
  return [unit.subtitle, count].filter(Boolean).join(" · ");
}

export function firstLine(unit: Unit): string {
  return unit.pile ? `${unit.title} × ${unit.pile}` : unit.title;
}

/** Size of a closed box. Widths go in steps, so that equal modules with other names are laid out alike. */
export function boxSize(unit: Unit, measure: Measure): { width: number; height: number } {
  const title = measure(firstLine(unit), fonts.title, 600) + (unit.children.length ? mark : 0);
  const second = secondLine(unit);
  const width = Math.max(title, measure(second, fonts.subtitle, 400), 34) + 2 * padding;
  return { width: Math.ceil(width / 8) * 8, height: second ? 42 : 30 };
}

/** Width that an open scope's title needs. */
export function headerWidth(unit: Unit, measure: Measure): number {
  const title = measure(firstLine(unit), fonts.header, 600) + measure(secondLine(unit), fonts.subtitle, 400);
  return Math.ceil((title + mark + 40) / 8) * 8;
}

export function labelSize(label: string, measure: Measure): { width: number; height: number } {
  if (!label) return { width: 0, height: 0 };
  const lines = label.split("\n");
  const width = Math.max(...lines.map((line) => measure(line, fonts.label, 400)));
  return { width: Math.ceil((width + 8) / 8) * 8, height: lines.length * 14 };
}
