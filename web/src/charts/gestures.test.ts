// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen, type Gestures } from "./gestures";

let element: HTMLElement;
let stop: () => void;
const heard = {
  hover: vi.fn<Gestures["hover"]>(),
  leave: vi.fn<Gestures["leave"]>(),
  box: vi.fn<NonNullable<Gestures["box"]>>(),
  zoomTo: vi.fn<NonNullable<Gestures["zoomTo"]>>(),
  pan: vi.fn<NonNullable<Gestures["pan"]>>(),
  zoomBy: vi.fn<NonNullable<Gestures["zoomBy"]>>(),
  reset: vi.fn<NonNullable<Gestures["reset"]>>(),
  click: vi.fn<NonNullable<Gestures["click"]>>(),
};

beforeEach(() => {
  vi.clearAllMocks();
  element = document.createElement("div");
  element.setPointerCapture = () => {};
  element.getBoundingClientRect = () => ({ left: 100, top: 50 }) as DOMRect;
  document.body.append(element);
  stop = listen(element, heard);
});

afterEach(() => {
  stop();
  element.remove();
});

function pointer(kind: string, x: number, y: number, more: PointerEventInit = {}): void {
  element.dispatchEvent(
    new PointerEvent(kind, { clientX: x, clientY: y, pointerId: 1, bubbles: true, ...more }),
  );
}

test("places count from the element's corner", () => {
  pointer("pointermove", 130, 90);
  expect(heard.hover).toHaveBeenCalledWith(30, 40, expect.anything());
});

test("a drag draws a box and zooms when it is let go of", () => {
  pointer("pointerdown", 110, 60);
  pointer("pointermove", 150, 100);
  expect(heard.box).toHaveBeenLastCalledWith({ x1: 10, y1: 10, x2: 50, y2: 50 });
  pointer("pointerup", 160, 110);
  expect(heard.zoomTo).toHaveBeenCalledWith({ x1: 10, y1: 10, x2: 60, y2: 60 });
  expect(heard.box).toHaveBeenLastCalledWith(null);
  expect(heard.click).not.toHaveBeenCalled();
});

test("a press that hardly moves is a click", () => {
  pointer("pointerdown", 110, 60);
  pointer("pointermove", 112, 61);
  pointer("pointerup", 112, 61);
  expect(heard.click).toHaveBeenCalledWith(12, 11, expect.any(PointerEvent));
  expect(heard.zoomTo).not.toHaveBeenCalled();
});

test("shift pans, by what was moved since the last time", () => {
  pointer("pointerdown", 110, 60, { shiftKey: true });
  pointer("pointermove", 120, 60);
  pointer("pointermove", 125, 62);
  pointer("pointerup", 125, 62);
  expect(heard.hover).toHaveBeenLastCalledWith(25, 12, expect.anything());
  expect(heard.pan.mock.calls).toEqual([
    [10, 0],
    [5, 2],
  ]);
  expect(heard.zoomTo).not.toHaveBeenCalled();
});

test("Escape gives a box up", () => {
  pointer("pointerdown", 110, 60);
  pointer("pointermove", 150, 100);
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  pointer("pointerup", 150, 100);
  expect(heard.zoomTo).not.toHaveBeenCalled();
});

test("the wheel is the page's unless alt is held", () => {
  const plain = new WheelEvent("wheel", { deltaY: 100, cancelable: true });
  element.dispatchEvent(plain);
  expect(plain.defaultPrevented).toBe(false);
  const alt = new WheelEvent("wheel", {
    deltaY: 100,
    altKey: true,
    cancelable: true,
    clientX: 120,
    clientY: 70,
  });
  element.dispatchEvent(alt);
  expect(alt.defaultPrevented).toBe(true);
  const [factor, x, y] = heard.zoomBy.mock.calls[0]!;
  expect(factor).toBeGreaterThan(1);
  expect([x, y]).toEqual([20, 20]);
});

test("double-click resets, and nothing is heard once it has stopped", () => {
  element.dispatchEvent(new MouseEvent("dblclick"));
  expect(heard.reset).toHaveBeenCalledOnce();
  stop();
  pointer("pointermove", 130, 90);
  expect(heard.hover).not.toHaveBeenCalled();
});

test("a tap reads out, and what it read stays until one elsewhere", () => {
  const touch = { pointerType: "touch" };
  pointer("pointerdown", 130, 90, touch);
  pointer("pointerup", 131, 90, touch);
  pointer("pointerleave", 131, 90, touch);
  expect(heard.hover).toHaveBeenCalledWith(31, 40, expect.anything());
  expect(heard.leave).not.toHaveBeenCalled();
  document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, ...touch }));
  expect(heard.leave).toHaveBeenCalledTimes(1);
});

test("a finger that scrolls reads nothing", () => {
  const touch = { pointerType: "touch" };
  pointer("pointerdown", 130, 90, touch);
  pointer("pointerup", 130, 190, touch);
  expect(heard.hover).not.toHaveBeenCalled();
});
