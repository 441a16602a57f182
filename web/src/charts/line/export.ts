/** A chart as a file that stands for itself: title, names of the axes, legend. */

import { drawAxisTitles } from "../axes";
import { SvgSurface } from "../svgSurface";
import type { ChartTheme } from "../theme";
import { drawLineChart, type LineChartOptions } from "./draw";
import type { Line, Viewport } from "./model";

const size = { width: 720, chart: 400, title: 30, row: 18, column: 240 };

/** SVG text of a chart with a legend of all its lines. */
export function lineChartSvg(
  title: string,
  xTitle: string,
  lines: readonly Line[],
  view: Viewport,
  options: LineChartOptions,
  theme: ChartTheme,
): string {
  const columns = Math.max(1, Math.floor(size.width / size.column));
  const rows = Math.ceil(lines.length / columns);
  const height = size.title + size.chart + rows * size.row + 12;
  const svg = new SvgSurface(size.width, height, theme.font, theme.background);
  svg.text(12, 20, title, { color: theme.text, bold: true, size_px: 13 });
  svg.part({ x: 0, y: size.title, width: size.width, height: size.chart }, () => {
    const layout = drawLineChart(svg, lines, view, { ...options, xTitle: true }, theme);
    drawAxisTitles(svg, layout.plot, xTitle, theme);
  });
  lines.forEach((line, index) => {
    const x = 12 + (index % columns) * size.column;
    const y = size.title + size.chart + Math.floor(index / columns) * size.row + 10;
    if (line.band) svg.rect(x, y - 5, 18, 10, line.color, 0.16);
    svg.line(x, y, x + 18, y, { color: line.color, width: 2, dash: line.dash });
    svg.text(x + 26, y, shorten(line.label ?? line.name, 34), { color: theme.text, baseline: "middle" });
  });
  return svg.document();
}

/** The end of a name tells runs apart, so the middle goes. */
function shorten(name: string, letters: number): string {
  if (name.length <= letters) return name;
  return `${name.slice(0, Math.floor(letters / 3))}…${name.slice(name.length - Math.floor((2 * letters) / 3))}`;
}
