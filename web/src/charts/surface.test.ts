// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { CanvasSurface } from "./canvasSurface";
import type { Surface } from "./surface";
import { SvgSurface } from "./svgSurface";

/** A drawing context that writes down what it is told. jsdom has none. */
function recorded(): { canvas: HTMLCanvasElement; calls: string[]; depth: () => number } {
  const calls: string[] = [];
  let depth = 0;
  const context = new Proxy<Record<string, unknown>>(
    {},
    {
      get: (target, name: string) =>
        target[name] ??
        ((...values: unknown[]) => {
          if (name === "save") depth++;
          if (name === "restore") depth--;
          calls.push(`${name}(${values.join()})`);
          return name === "measureText" ? { width: 7 } : undefined;
        }),
      set: (target, name: string, value) => {
        target[name] = value;
        return true;
      },
    },
  );
  const canvas = document.createElement("canvas");
  canvas.getContext = (() => context) as unknown as HTMLCanvasElement["getContext"];
  return { canvas, calls, depth: () => depth };
}

test("a canvas has the screen's pixels, or as many as a file is to have", () => {
  const { canvas, calls } = recorded();
  vi.stubGlobal("devicePixelRatio", 1.5);
  new CanvasSurface(canvas, 100, 40, "serif");
  expect([canvas.width, canvas.height]).toEqual([150, 60]);
  new CanvasSurface(canvas, 100, 40, "serif", 1);
  expect([canvas.width, canvas.height]).toEqual([100, 40]);
  expect(calls).toContain("setTransform(1,0,0,1,0,0)");
  vi.unstubAllGlobals();
});

const surfaces: [string, () => Surface][] = [
  ["canvas", () => new CanvasSurface(recorded().canvas, 100, 40, "serif")],
  ["SVG", () => new SvgSurface(100, 40, "serif", "#fff")],
];

test.each(surfaces)("a part has a size of its own, and the whole its own again behind it (%s)", (_, make) => {
  const surface = make();
  surface.part({ x: 5, y: 6, width: 30, height: 20 }, () => {
    expect([surface.width, surface.height]).toEqual([30, 20]);
    surface.part({ x: 1, y: 1, scale: 2 }, () => expect(surface.width).toBe(30));
  });
  expect([surface.width, surface.height]).toEqual([100, 40]);
});

test("a clip and a part end where drawing fails: the next frame draws on the same canvas", () => {
  const { canvas, depth } = recorded();
  const surface = new CanvasSurface(canvas, 100, 40, "serif");
  const fail = () => {
    throw new Error("no colour");
  };
  expect(() => surface.clip(0, 0, 10, 10, fail)).toThrow("no colour");
  expect(() => surface.part({ x: 0, y: 0, width: 10 }, fail)).toThrow("no colour");
  expect(depth()).toBe(0);
  expect(surface.width).toBe(100);
});

test("a whole line after a dashed one is whole", () => {
  const { canvas, calls } = recorded();
  const surface = new CanvasSurface(canvas, 100, 40, "serif");
  surface.line(0, 0, 1, 1, { color: "#000", dash: [3, 4] });
  surface.line(0, 0, 1, 1, { color: "#000" });
  expect(calls.filter((call) => call.startsWith("setLineDash"))).toEqual([
    "setLineDash(3,4)",
    "setLineDash()",
  ]);
});

test("everything that SVG writes is XML, with short numbers and hostile words as text", () => {
  const svg = new SvgSurface(100, 40.126, `"Odd <font>"`, "#fff");
  svg.clip(0, 0, 10, 10, () => svg.rect(0, 0, 1 / 3, 2, "#123456", 0.5));
  svg.part({ x: 2, y: 3, scale: 0.5 }, () =>
    svg.path(
      [
        ["M", 0, 0],
        ["C", 1, 2, 3, 4, 5, 6],
      ],
      { color: "#f00", dash: [1, 2], alpha: 0.3 },
    ),
  );
  svg.roundedRect(0, 0, 10, 4, 8, { outline: { color: "#0f0", width: 2 } });
  svg.text(1, 10, `<b>&"'\u0000`, {
    color: "#000",
    halo: "#fff",
    align: "end",
    baseline: "middle",
    bold: true,
  });
  const parsed = new DOMParser().parseFromString(svg.document(), "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  const attributes = (selector: string) =>
    Object.fromEntries(
      [...parsed.querySelector(selector)!.attributes].map(({ name, value }) => [name, value]),
    );
  expect(attributes("g > rect")).toMatchObject({ width: "0.33", fill: "#123456", opacity: "0.5" });
  expect(attributes("path")).toMatchObject({ d: "M0 0C1 2 3 4 5 6", "stroke-dasharray": "1 2" });
  expect(attributes("path")["stroke-opacity"]).toBe("0.3");
  // A radius never exceeds half of the shorter side, and what has no fill inherits none.
  expect(attributes("rect[rx]")).toMatchObject({ rx: "2", "stroke-width": "2" });
  expect(parsed.querySelector("text")!.textContent).toBe(`<b>&"'\ufffd`);
  expect(attributes("text")).toMatchObject({ "paint-order": "stroke", "text-anchor": "end", y: "13.85" });
});
