// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { centered, listenPanZoom, panned, toPlane, zoomed } from "./panZoom";

const limits = [0.1, 10] as const;

test("what lies under the pointer stays there while zooming, also at the limits", () => {
  const start = { x: 12, y: -7, scale: 1.5 };
  for (const factor of [2, 0.5, 1000, 0.0001]) {
    const next = zoomed(start, factor, 100, 50, limits);
    const [before, after] = [toPlane(start, 100, 50), toPlane(next, 100, 50)];
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(next.scale).toBeGreaterThanOrEqual(limits[0]);
    expect(next.scale).toBeLessThanOrEqual(limits[1]);
  }
});

test("panning moves by window px, and content is centred", () => {
  expect(panned({ x: 1, y: 2, scale: 3 }, 10, -10)).toEqual({ x: 11, y: -8, scale: 3 });
  const window = { width: 400, height: 200 };
  expect(centered({ width: 100, height: 100 }, window, 2)).toEqual({ x: 100, y: 0, scale: 2 });
});

const heard = { pan: vi.fn(), zoom: vi.fn(), press: vi.fn(), click: vi.fn(), hover: vi.fn(), leave: vi.fn() };
let element: HTMLElement;
let stop: () => void;

beforeEach(() => {
  element = document.createElement("div");
  element.setPointerCapture = () => {};
  element.getBoundingClientRect = () => ({ left: 100, top: 50 }) as DOMRect;
  for (const mock of Object.values(heard)) mock.mockClear();
  stop = listenPanZoom(element, heard);
});
afterEach(() => stop());

/** jsdom knows no PointerEvent. */
function pointer(type: string, x: number, y: number, id = 1, more: object = {}): void {
  const event = new MouseEvent(type, { clientX: x, clientY: y, button: 0, ...more });
  element.dispatchEvent(Object.assign(event, { pointerId: id, pointerType: id === 1 ? "mouse" : "touch" }));
}

test("a drag pans by its steps and is no click", () => {
  pointer("pointerdown", 110, 60);
  pointer("pointermove", 120, 65);
  pointer("pointermove", 122, 66);
  pointer("pointerup", 122, 66);
  expect(heard.press).toHaveBeenCalledOnce();
  expect(heard.pan.mock.calls).toEqual([
    [10, 5],
    [2, 1],
  ]);
  expect(heard.click).not.toHaveBeenCalled();
});

test("a press that hardly moves is a click at its place in the element", () => {
  pointer("pointerdown", 110, 60);
  pointer("pointermove", 111, 60);
  pointer("pointerup", 111, 60);
  expect(heard.pan).not.toHaveBeenCalled();
  expect(heard.click.mock.calls).toEqual([[11, 10]]);
});

test("other mouse buttons are somebody else's", () => {
  pointer("pointerdown", 110, 60, 1, { button: 2 });
  pointer("pointerup", 110, 60, 1, { button: 2 });
  expect(heard.press).not.toHaveBeenCalled();
  expect(heard.click).not.toHaveBeenCalled();
});

test("two fingers zoom about the one that rests", () => {
  pointer("pointerdown", 110, 60, 2);
  pointer("pointerdown", 210, 60, 3);
  pointer("pointermove", 310, 60, 3);
  expect(heard.zoom.mock.calls).toEqual([[2, 10, 10]]);
  expect(heard.pan).not.toHaveBeenCalled();
  pointer("pointercancel", 310, 60, 3);
  pointer("pointermove", 120, 60, 2);
  expect(heard.pan).toHaveBeenCalledOnce();
});

test("the wheel zooms at its place, with shift it pans sideways; the page does not scroll", () => {
  const turn = new WheelEvent("wheel", { deltaY: -100, clientX: 120, clientY: 70, cancelable: true });
  element.dispatchEvent(turn);
  expect(turn.defaultPrevented).toBe(true);
  expect(heard.zoom).toHaveBeenCalledWith(Math.exp(0.2), 20, 20);
  element.dispatchEvent(new WheelEvent("wheel", { deltaY: 30, shiftKey: true, cancelable: true }));
  expect(heard.pan).toHaveBeenCalledWith(-30, 0);
});

test("pointing and leaving are told; nothing is once it has stopped", () => {
  pointer("pointermove", 130, 90);
  expect(heard.hover).toHaveBeenCalledWith(30, 40, expect.anything());
  pointer("pointerleave", 0, 0);
  expect(heard.leave).toHaveBeenCalledOnce();
  stop();
  pointer("pointermove", 140, 90);
  expect(heard.hover).toHaveBeenCalledOnce();
});
