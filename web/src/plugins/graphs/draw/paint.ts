/** Draws a picture: scopes, ways, boxes, words; less of it from far away, so that what is drawn can be read. */

import type { Segment } from "../model/scene";
import type { Unit } from "../model/tree";
import { firstLine, fonts, header_px, labelSize, mark, secondLine, type Measure } from "./measure";
import type { Paint, Theme } from "./palette";
import type { Pen } from "./pen";
import type { Box, Picture, Wire } from "./picture";

export interface Look {
  theme: Theme;
  paint: (unit: Unit) => Paint;
  measure: Measure;
  selected: Unit | null;
  hovered: Unit | null;
  /** Units that a search found; null: nothing is searched. */
  found: ReadonlySet<Unit> | null;
  /** Shown units on the traced ways; everything else is dimmed. Null: nothing is traced. */
  traced: ReadonlySet<Unit> | null;
  /** Screen px per picture px. */
  scale: number;
  /** What is in view: left, top, right, bottom in the picture. */
  clip: readonly [number, number, number, number];
  /** Boxes alone, for the small map. */
  plain?: boolean;
}

/** Smallest text that is drawn, in px on the screen. */
const smallest = 6;
/** Text of boxes seen from far away, if there is room. */
const overview = 9;

export function paint(pen: Pen, picture: Picture, look: Look): void {
  const visible = (left: number, top: number, right: number, bottom: number) =>
    right >= look.clip[0] && left <= look.clip[2] && bottom >= look.clip[1] && top <= look.clip[3];
  const boxes = picture.boxes.filter((box) => visible(box.x, box.y, box.x + box.width, box.y + box.height));
  for (const box of boxes) if (box.open) paintScope(pen, box, look);
  if (!look.plain) {
    const wires = picture.wires.filter(({ bounds }) => visible(...bounds));
    const lit: Wire[] = [];
    for (const wire of wires) {
      if (lightOf(wire.segment, look)) lit.push(wire);
      else paintWire(pen, wire, look);
    }
    for (const wire of lit) paintWire(pen, wire, look);
    pen.alpha(1);
    if (fonts.label * look.scale >= smallest) for (const wire of wires) paintLabel(pen, wire, look);
  }
  for (const box of boxes) {
    if (box.open) paintHeader(pen, box, look);
    else paintBox(pen, box, look);
  }
  pen.alpha(1);
  for (const box of boxes) paintRing(pen, box, look);
}

function dimmed(unit: Unit, look: Look): boolean {
  return look.traced !== null && !look.traced.has(unit);
}

function paintScope(pen: Pen, box: Box, look: Look): void {
  const { theme } = look;
  const fill = theme.scope[Math.min(box.unit.depth - 1, theme.scope.length - 1)]!;
  pen.alpha(1);
  pen.rect(box.x, box.y, box.width, box.height, 8, fill, theme.scopeStroke, 1);
}

function paintHeader(pen: Pen, box: Box, look: Look): void {
  if (look.plain) return;
  const { theme, scale } = look;
  const size = fonts.header * scale >= smallest ? fonts.header : overview / scale;
  const title = firstLine(box.unit);
  const width = look.measure(title, fonts.header, 600) * (size / fonts.header);
  const x = box.x + 10 * (size / fonts.header);
  if (width + x - box.x > box.width || size > 3 * fonts.header) return;
  const y = box.y + Math.max(header_px / 2, size * 0.75);
  const fill = theme.scope[Math.min(box.unit.depth - 1, theme.scope.length - 1)]!;
  const t = size * 0.34;
  pen.alpha(1);
  pen.polygon([x, y - t * 0.7, x + 2 * t, y - t * 0.7, x + t, y + t * 0.8], theme.dim);
  const at = x + size * 1.05;
  pen.text(at, y, title, { size, weight: 600, color: theme.text, align: "left", halo: fill });
  const second = secondLine(box.unit);
  if (second && size === fonts.header)
    pen.text(at + width + 7, y, second, {
      size: fonts.subtitle,
      weight: 400,
      color: theme.dim,
      align: "left",
      halo: fill,
    });
}

function paintBox(pen: Pen, box: Box, look: Look): void {
  const { theme, scale } = look;
  const { unit } = box;
  const colors = look.paint(unit);
  const { stroke } = colors;
  const fill = fonts.title * scale >= smallest ? colors.fill : colors.far;
  const radius = unit.isModule || unit.node < 0 ? 7 : box.height / 2;
  pen.alpha(dimmed(unit, look) ? 0.28 : 1);
  if (unit.pile)
    for (const step of [8, 4])
      pen.rect(box.x + step, box.y + step, box.width - step, box.height - 2, radius, fill, stroke, 1);
  const hovered = look.hovered === unit;
  pen.rect(
    box.x,
    box.y,
    box.width - (unit.pile ? 8 : 0),
    box.height - (unit.pile ? 4 : 0),
    radius,
    fill,
    hovered ? theme.accent : stroke,
    hovered ? 1.6 : 1.1,
  );
  if (look.plain) return;
  const middle = box.x + (box.width - (unit.pile ? 8 : 0)) / 2;
  const height = box.height - (unit.pile ? 4 : 0);
  const title = firstLine(unit);
  const full = look.measure(title, fonts.title, 600);
  const opens = unit.children.length > 0;
  if (fonts.title * scale >= smallest) {
    const second = secondLine(unit);
    const y = box.y + (second ? height / 2 - 7.5 : height / 2);
    if (opens) {
      const x = middle - (full + mark) / 2;
      pen.polygon([x, y - 4.5, x + 7, y, x, y + 4.5], theme.dim);
    }
    pen.text(middle + (opens ? mark / 2 : 0), y, title, {
      size: fonts.title,
      weight: 600,
      color: theme.text,
      align: "center",
    });
    if (second && fonts.subtitle * scale >= smallest - 1)
      pen.text(middle, box.y + height / 2 + 9, second, {
        size: fonts.subtitle,
        weight: 400,
        color: theme.dim,
        align: "center",
      });
    return;
  }
  // From far away a title may use the whole box; one that does not fit is left out, never cut.
  const size = Math.min(overview / scale, (fonts.title * (box.width - 8)) / full, box.height - 4);
  if (size * scale >= smallest)
    pen.text(middle, box.y + height / 2, title, { size, weight: 600, color: theme.text, align: "center" });
}

function paintRing(pen: Pen, box: Box, look: Look): void {
  const found = look.found?.has(box.unit);
  if (look.selected !== box.unit && !found) return;
  const gap = 3;
  const color = look.selected === box.unit ? look.theme.accent : look.theme.outgoing;
  const width = Math.max(2.2, 1.6 / look.scale);
  const radius = box.unit.isModule || box.unit.node < 0 ? 9 : box.height / 2 + gap;
  pen.rect(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap, radius, null, color, width);
}

/** Whether data on this piece of edge goes into or comes out of the selected unit. */
function lightOf(segment: Segment, look: Look): "incoming" | "outgoing" | null {
  const { selected } = look;
  if (!selected) return null;
  for (const [source, target] of segment.ends) {
    const out = inside(source, selected);
    const into = inside(target, selected);
    if (out !== into) return out ? "outgoing" : "incoming";
  }
  return null;
}

function inside(unit: Unit, scope: Unit): boolean {
  for (let above: Unit | null = unit; above; above = above.parent) if (above === scope) return true;
  return false;
}

/** 1 px for a number, 4.5 px for a gigabyte. */
export function wireWidth(bytes: number): number {
  return bytes > 0 ? Math.min(4.5, 1 + Math.max(0, Math.log10(bytes) - 2) * 0.5) : 1.1;
}

function paintWire(pen: Pen, { segment, points }: Wire, look: Look): void {
  const { theme } = look;
  const light = lightOf(segment, look);
  const color = light ? theme[light] : theme.wire;
  const { traced } = look;
  const faded =
    traced !== null && !segment.ends.some(([source, target]) => traced.has(source) && traced.has(target));
  pen.alpha(faded ? 0.15 : 1);
  const width = Math.max(wireWidth(segment.bytes), light ? 2 : 0, 0.7 / look.scale);
  pen.way(points, color, width, segment.isControl ? [3, 4] : []);
  // An arrow stands where data arrives; on the border of an open scope the way goes on.
  if (segment.to === null || segment.toPort >= 0 || look.scale < 0.25) return;
  const x = points[points.length - 2]!;
  const y = points[points.length - 1]!;
  const size = 4 + width;
  pen.polygon([x, y, x - size * 0.62, y - size * 1.25, x + size * 0.62, y - size * 1.25], color);
}

function paintLabel(pen: Pen, { segment, labelX, labelY }: Wire, look: Look): void {
  if (Number.isNaN(labelX) || !segment.label) return;
  const lines = segment.label.split("\n");
  const fill = segment.scope.parent
    ? look.theme.scope[Math.min(segment.scope.depth - 1, look.theme.scope.length - 1)]!
    : look.theme.background;
  const { width, height } = labelSize(segment.label, look.measure);
  pen.rect(labelX - width / 2, labelY - height / 2, width, height, 4, fill, null, 0);
  lines.forEach((line, i) =>
    pen.text(labelX, labelY + (i - (lines.length - 1) / 2) * 13, line, {
      size: fonts.label,
      weight: 400,
      color: look.theme.dim,
      align: "center",
    }),
  );
}
