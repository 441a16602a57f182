/** Wires, their arrows and labels. */

import type { Stroke } from "../../../charts/surface";
import type { Segment } from "../model/scene";
import { isInside } from "../model/trace";
import type { Unit } from "../model/tree";
import type { Wire } from "./diagram";
import { fonts, labelSize } from "./measure";
import { smoothPath } from "./path";
import { scopeFill, type Drawing } from "./style";

/** Whether data on this piece of edge goes into or comes out of the selected unit. */
function directionOf(segment: Segment, selected: Unit | null): "incoming" | "outgoing" | null {
  if (!selected) return null;
  for (const [source, target] of segment.ends) {
    const out = isInside(source, selected);
    const into = isInside(target, selected);
    if (out !== into) return out ? "outgoing" : "incoming";
  }
  return null;
}

/** 1 px for a number, 4.5 px for a gigabyte. */
export function wireWidth(bytes: number): number {
  return bytes > 0 ? Math.min(4.5, 1 + Math.max(0, Math.log10(bytes) - 2) * 0.5) : 1.1;
}

/** Those of the selected unit last, above the others. */
export function drawWires(drawing: Drawing, wires: readonly Wire[]): void {
  const { theme, selected } = drawing.style;
  const lit: [Wire, string][] = [];
  for (const wire of wires) {
    const direction = directionOf(wire.segment, selected);
    if (direction) lit.push([wire, theme[direction]]);
    else drawWire(drawing, wire, theme.wire, 0);
  }
  for (const [wire, color] of lit) drawWire(drawing, wire, color, 2);
}

function drawWire(drawing: Drawing, { segment, points }: Wire, color: string, leastWidth: number): void {
  const { surface, style, scale } = drawing;
  const { traced } = style;
  const faded =
    traced !== null && !segment.ends.some(([source, target]) => traced.has(source) && traced.has(target));
  const alpha = faded ? 0.15 : 1;
  const width = Math.max(wireWidth(segment.bytes), leastWidth, 0.7 / scale);
  const stroke: Stroke = { color, width, alpha, dash: segment.isControl ? [3, 4] : [] };
  surface.path(smoothPath(points), stroke);
  // An arrow stands where data arrives; on the border of an open scope the wire goes on.
  if (segment.to === null || segment.toPort >= 0 || scale < 0.25) return;
  const x = points[points.length - 2]!;
  const y = points[points.length - 1]!;
  const size = 4 + width;
  surface.polygon(
    [
      [x, y],
      [x - size * 0.62, y - size * 1.25],
      [x + size * 0.62, y - size * 1.25],
    ],
    color,
    alpha,
  );
}

export function drawLabel({ surface, style }: Drawing, { segment, labelX, labelY }: Wire): void {
  if (Number.isNaN(labelX) || !segment.label) return;
  const { theme } = style;
  const fill = segment.scope.parent ? scopeFill(theme, segment.scope) : theme.background;
  const { width, height } = labelSize(segment.label, style.measure);
  surface.roundedRect(labelX - width / 2, labelY - height / 2, width, height, 4, { fill });
  const lines = segment.label.split("\n");
  lines.forEach((line, i) =>
    surface.text(labelX, labelY + (i - (lines.length - 1) / 2) * 13, line, {
      size_px: fonts.label,
      color: theme.dim,
      align: "middle",
      baseline: "middle",
    }),
  );
}
