// @vitest-environment jsdom
import { flushSync, mount, unmount, type ComponentProps } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import ChartFrame from "./ChartFrame.svelte";

type Props = ComponentProps<typeof ChartFrame<{ picture: number }>>;

let close: () => void;
let element: HTMLElement;
let pictures = 0;
/** What is drawn in the page's next frame. */
let nextFrame: (() => void) | null = null;
const props = $state<Props>({
  draw: () => ({ picture: 0 }),
  drawOver: () => {},
  dark: false,
  onlayout: vi.fn(),
  onread: vi.fn(),
});

const drawing = () => vi.fn(() => ({ picture: ++pictures }));

function paint(): void {
  flushSync();
  for (let frame = nextFrame; frame; frame = nextFrame) {
    nextFrame = null;
    frame();
    flushSync();
  }
}

function point(kind: string, x: number, y: number, more: PointerEventInit = {}): void {
  element.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y, ...more }));
}

beforeEach(() => {
  pictures = 0;
  vi.stubGlobal("requestAnimationFrame", (job: () => void) => ((nextFrame = job), 1));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(300);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(200);
  const context = { setTransform() {}, clearRect() {} } as unknown as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context);
  Object.assign(props, { draw: drawing(), drawOver: vi.fn(), onlayout: vi.fn(), onread: vi.fn() });
  const frame = mount(ChartFrame<{ picture: number }>, { target: document.body, props });
  close = () => void unmount(frame);
  element = document.querySelector("canvas")!.parentElement!;
  element.getBoundingClientRect = () => ({ left: 100, top: 50 }) as DOMRect;
  paint();
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

test("it is drawn once, in the next frame, and says how", () => {
  expect(props.draw).toHaveBeenCalledOnce();
  expect(props.drawOver).toHaveBeenLastCalledWith(expect.anything(), expect.anything(), { picture: 1 });
  expect(props.onlayout).toHaveBeenCalledExactlyOnceWith({ picture: 1 }, 300);
});

test("what lies over it is drawn without it", () => {
  props.drawOver = vi.fn();
  paint();
  expect(props.drawOver).toHaveBeenCalledOnce();
  expect(props.draw).toHaveBeenCalledOnce();
});

test("nothing is drawn over a chart that is out of date", () => {
  props.drawOver = vi.fn();
  flushSync();
  props.draw = drawing();
  paint();
  const layouts = vi.mocked(props.drawOver).mock.calls.map(([, , layout]) => layout);
  expect(new Set(layouts)).toEqual(new Set([{ picture: 2 }]));
});

test("a pointer that lies still reads the next picture, and none when the chart goes away", () => {
  point("pointermove", 130, 90);
  expect(props.onread).toHaveBeenLastCalledWith({ x: 30, y: 40, clientX: 130, clientY: 90 });
  vi.spyOn(element, "matches").mockReturnValue(true);
  props.dark = !props.dark;
  paint();
  expect(props.onread).toHaveBeenCalledTimes(2);
  close();
  close = () => {};
  expect(props.onread).toHaveBeenLastCalledWith(null);
});

test("a chart without gestures is read while a button is held", () => {
  point("pointerdown", 110, 60);
  point("pointermove", 150, 100);
  expect(props.onread).toHaveBeenLastCalledWith(expect.objectContaining({ x: 50, y: 50 }));
  const wheel = new WheelEvent("wheel", { deltaY: 100, altKey: true, cancelable: true });
  element.dispatchEvent(wheel);
  expect(wheel.defaultPrevented).toBe(false);
});
