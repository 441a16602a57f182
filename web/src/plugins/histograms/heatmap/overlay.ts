/** What lies over a heat map and changes with the pointer: the slice, the cursor, marks of chosen columns, the box that is being drawn. */

import { crisp } from "../../../charts/axes";
import type { DragBox } from "../../../charts/gestures";
import { within } from "../../../charts/line/overlay";
import type { Surface } from "../../../charts/surface";
import type { ChartTheme } from "../../../charts/theme";
import type { HistogramColumns } from "../bins";
import { drawSlice, type HeatmapLayout } from "./draw";

export interface HeatmapOverlay {
  /** Index of the column that stands as a slice beside the map; -1: none. */
  column: number;
  /** Whether the cursor is on that column. */
  reached: boolean;
  /** Indices of the columns that are marked at the upper edge. */
  chosen: readonly number[];
  /** The value under the pointer; null: none. */
  value: number | null;
  box: DragBox | null;
}

export function drawHeatmapOverlay(
  surface: Surface,
  columns: HistogramColumns,
  { column, reached, chosen, value, box }: HeatmapOverlay,
  layout: HeatmapLayout,
  theme: ChartTheme,
): void {
  const { plot, slice, x, y } = layout;
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  const middle = (i: number) => x((columns.x[i]! + columns.x_end[i]!) / 2);
  if (column >= 0) {
    drawSlice(surface, columns, column, layout, theme);
    if (reached) {
      const at = crisp(middle(column));
      surface.clip(plot.left, plot.top, plot.width, plot.height, () =>
        surface.line(at, plot.top, at, bottom, { color: theme.text, alpha: 0.55 }),
      );
    }
  }
  for (const at of chosen.map(middle)) {
    if (at < plot.left - 1 || at > right + 1) continue;
    const top = plot.top - 5;
    surface.polygon(
      [
        [at - 4, top],
        [at + 4, top],
        [at, top + 7],
      ],
      theme.accent,
    );
  }
  if (value !== null) {
    const at = crisp(y(value));
    const stroke = { color: theme.text, alpha: 0.35, dash: [3, 3] };
    surface.line(plot.left, at, slice.left + slice.width, at, stroke);
  }
  if (box) {
    const [from, to] = within(box.x1, box.x2, plot.left, plot.width);
    surface.rect(from, plot.top, to - from, plot.height, theme.accent, 0.18);
  }
}
