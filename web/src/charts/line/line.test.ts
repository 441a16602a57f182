// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { SvgSurface } from "../svgSurface";
import type { ChartTheme } from "../theme";
import { drawLineChart, type LineChartOptions } from "./draw";
import { lineChartSvg } from "./export";
import { hitsAt, nearestHit, nearestIndex, readAt, sortHits } from "./hit";
import { fitted, segmentStarts, xDomain, yDomain, type Line } from "./model";

function line(name: string, x: number[], value: number[], smoothed: number[] | null = null): Line {
  return {
    name,
    color: "#112233",
    dash: [],
    x: Float64Array.from(x),
    value: Float32Array.from(value),
    smoothed: smoothed && Float32Array.from(smoothed),
  };
}

const theme: ChartTheme = {
  text: "#000",
  dim: "#666",
  faint: "#999",
  grid: "#eee",
  axis: "#ccc",
  background: "#fff",
  accent: "#00f",
  font: "sans-serif",
};
const options: LineChartOptions = { xKind: "step", log: false, ignoreOutliers: false };

function draw(lines: Line[], more: Partial<LineChartOptions> = {}) {
  const svg = new SvgSurface(400, 200, "sans-serif", "#fff");
  const layout = drawLineChart(svg, lines, fitted, { ...options, ...more }, theme);
  return { layout, svg: svg.document() };
}

describe("domains", () => {
  const domain = (...[lines, options]: Parameters<typeof yDomain>) => yDomain(lines, options)!;
  const all = { log: false, ignoreOutliers: false, raw: true, x: null };

  test("x spans all lines, whatever their order", () => {
    expect(xDomain([line("a", [5, 1, 9], [0, 0, 0]), line("b", [-2], [0])])).toEqual([-2, 9]);
    expect(xDomain([line("a", [4], [1])])).toEqual([3.5, 4.5]);
    expect(xDomain([])).toBeNull();
  });

  test("values that no line can show do not count", () => {
    expect(yDomain([line("a", [0, 1, 2, 3], [NaN, 1, Infinity, 3])], all)).toEqual([0.9, 3.1]);
    expect(yDomain([line("a", [0], [NaN])], all)).toBeNull();
  });

  test("a constant has room around it, a zero too", () => {
    expect(yDomain([line("a", [0, 1], [5, 5])], all)).toEqual([4.5, 5.5]);
    expect(yDomain([line("a", [0], [0])], all)).toEqual([-1, 1]);
  });

  test("only points in view count", () => {
    const [low, high] = domain([line("a", [0, 1, 2], [100, 1, 2])], { ...all, x: [1, 2] });
    expect(low).toBeCloseTo(0.95);
    expect(high).toBeCloseTo(2.05);
  });

  test("outliers are cut at the 5th and 95th percentile", () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    values[50] = 1e9;
    const [low, high] = domain(
      [
        line(
          "a",
          values.map((_, i) => i),
          values,
        ),
      ],
      { ...all, ignoreOutliers: true },
    );
    expect(low).toBeGreaterThan(-1);
    expect(high).toBeLessThan(110);
  });

  test("a log domain is positive", () => {
    const [low, high] = domain([line("a", [0, 1, 2], [-1, 0.01, 100])], { ...all, log: true });
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeGreaterThan(100);
  });
});

describe("nearest point", () => {
  test("within one segment", () => {
    const x = Float64Array.of(0, 10, 20, 30);
    expect([-5, 4, 6, 20, 99].map((value) => nearestIndex(x, value))).toEqual([0, 0, 1, 2, 3]);
    expect(nearestIndex(new Float64Array(), 1)).toBe(-1);
  });

  test("where a run was resumed the newer life wins", () => {
    const x = Float64Array.of(0, 10, 20, 10, 20, 30);
    expect(segmentStarts(x)).toEqual([0, 3]);
    expect(nearestIndex(x, 20)).toBe(4);
    expect(nearestIndex(x, 1)).toBe(0);
  });

  test("equal x of one segment", () => {
    expect([0, 1, 2]).toContain(nearestIndex(Float64Array.of(0, 0, 0), 0));
  });
});

test("hits are the lines that reach the crosshair, the nearest by height", () => {
  const lines = [
    line("high", [0, 100], [1, 1]),
    line("low", [0, 100], [0, 0]),
    line("short", [0, 20], [0.5, 0.5]),
  ];
  const { layout } = draw(lines);
  const hits = hitsAt(lines, layout, 80);
  expect(hits.map((hit) => hit.line.name)).toEqual(["high", "low"]);
  expect(nearestHit(hits, layout, layout.y(0.9))?.line.name).toBe("high");
  expect(sortHits(hitsAt(lines, layout, 10)).map((hit) => hit.line.name)).toEqual(["high", "short", "low"]);
});

test("the pointer beyond the plot reads what is drawn at its ends", () => {
  const lines = [line("a", [0, 50, 99], [1, 2, 3])];
  const { layout } = draw(lines);
  for (const [x, index] of [
    [0, 0],
    [layout.plot.left, 0],
    [layout.plot.left + layout.plot.width, 2],
    [400, 2],
  ] as const) {
    expect(readAt(lines, layout, x, 50).nearest?.index, `at ${x} px`).toBe(index);
  }
});

test("the first and last point have room for a dot, and a zoom has none", () => {
  const lines = [line("a", [0, 99], [1, 2])];
  const { layout } = draw(lines);
  const { left, width } = layout.plot;
  expect(layout.x(0)).toBeCloseTo(left + 4, 6);
  expect(layout.x(99)).toBeCloseTo(left + width - 4, 6);
  const svg = new SvgSurface(400, 200, "sans-serif", "#fff");
  const zoomed = drawLineChart(svg, lines, { x: [10, 20], y: null }, options, theme);
  expect(zoomed.x(10)).toBeCloseTo(zoomed.plot.left, 6);
});

test("where no value can be placed the axes have no numbers", () => {
  expect(draw([line("a", [3, 4], [NaN, Infinity])]).svg.match(/<text/g)).toHaveLength(2);
  expect(draw([]).svg).not.toContain("<text");
});

test("a value that is no number sorts last and is nearest to nothing", () => {
  const lines = [line("nan", [0, 1], [NaN, NaN]), line("one", [0, 1], [1, 1])];
  const { layout } = draw(lines);
  const hits = hitsAt(lines, layout, 0);
  expect(sortHits(hits).map((hit) => hit.line.name)).toEqual(["one", "nan"]);
  expect(nearestHit(hits, layout, 0)?.line.name).toBe("one");
});

describe("strokes", () => {
  const polylines = (svg: string) =>
    [...svg.matchAll(/<polyline points="([^"]*)"/g)].map((match) => match[1]!.split(" ").length);

  test("one line for one series, faint raw below strong smoothed", () => {
    expect(polylines(draw([line("a", [0, 1, 2], [1, 2, 3])]).svg)).toEqual([3]);
    const { svg } = draw([line("a", [0, 1, 2], [1, 2, 3], [1, 1.5, 2])]);
    expect(polylines(svg)).toEqual([3, 3]);
    expect(svg.indexOf("stroke-opacity")).toBeLessThan(svg.lastIndexOf("<polyline"));
  });

  test("a line breaks at what it cannot show, and the place is marked", () => {
    const { svg } = draw([line("a", [0, 1, 2, 3, 4, 5], [1, 2, NaN, 3, 4, Infinity])]);
    expect(polylines(svg)).toEqual([2, 2]);
    expect(svg).toMatch(/<polygon[^>]*#112233/);
  });

  test("a line breaks where steps go back", () => {
    expect(polylines(draw([line("a", [0, 1, 2, 1, 2, 3], [1, 2, 3, 1, 2, 3])]).svg)).toEqual([3, 3]);
  });

  test("a lone point is a dot", () => {
    const { svg } = draw([line("a", [7], [1])]);
    expect(polylines(svg)).toEqual([]);
    expect(svg).toContain("<circle");
  });

  test("on a log axis what is not positive is marked at the bottom", () => {
    const { svg } = draw([line("a", [0, 1, 2, 3], [1, 0, 10, 100])], { log: true });
    expect(polylines(svg)).toEqual([2]);
    expect(svg).toMatch(/<polygon[^>]*#112233/);
  });

  test("beyond a dozen lines the faint ones are left out", () => {
    const many = Array.from({ length: 13 }, (_, i) => line(`r${i}`, [0, 1], [i, i], [i, i]));
    expect(polylines(draw(many).svg)).toHaveLength(13);
  });

  test("a band is filled where both ends are known, below the lines, and counts for the axis", () => {
    const banded = line("g", [0, 1, 2, 3, 4], [5, 5, 5, 5, 5]);
    banded.band = {
      low: Float64Array.of(1, 2, NaN, 4, 4),
      high: Float64Array.of(9, 9, NaN, 6, 6),
    };
    const { svg, layout } = draw([banded]);
    expect(svg.match(/<polygon/g)).toHaveLength(2);
    expect(svg.indexOf("<polygon")).toBeLessThan(svg.indexOf("<polyline"));
    expect(layout.y.domain[0]).toBeLessThan(1);
    expect(layout.y.domain[1]).toBeGreaterThan(9);
    // Of an end that a log axis cannot hold the band reaches the bottom.
    banded.band = { low: Float64Array.of(-1, 0, 1, 1, 1), high: Float64Array.of(9, 9, 9, 9, 9) };
    expect(draw([banded], { log: true }).svg.match(/<polygon/g)).toHaveLength(1);
  });
});

test("a file carries title, axis and legend, and hostile names as text", () => {
  const name = `<script>alert("1")</script>&\u0000`;
  const svg = lineChartSvg(name, "step", [line(name, [0, 1], [1, 2])], fitted, options, theme);
  expect(svg).not.toContain("<script");
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  const texts = [...parsed.querySelectorAll("text")].map((text) => text.textContent);
  expect(texts).toContain("step");
  expect(texts.filter((text) => text?.includes("script"))).toHaveLength(2);
});
