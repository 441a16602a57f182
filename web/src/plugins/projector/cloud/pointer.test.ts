// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { followPointer, type PointerActions, type Tool } from "./pointer";
import { front, makeStage, type TestStage } from "./testStage";

/** jsdom has no PointerEvent. */
function send(target: EventTarget, type: string, init: MouseEventInit & { pointerType?: string } = {}): void {
  const event = new MouseEvent(type, { bubbles: true, button: 0, ...init });
  Object.assign(event, { pointerId: 1, pointerType: init.pointerType ?? "mouse" });
  target.dispatchEvent(event);
}

function follow(
  isPlane: boolean,
  tool: Tool | null = null,
): TestStage & { actions: PointerActions; end: () => void } {
  const stage = makeStage(front, isPlane);
  const actions = {
    draws: () => tool,
    hover: vi.fn(),
    click: vi.fn(),
    outline: vi.fn(),
    drawn: vi.fn(),
  };
  return { ...stage, actions, end: followPointer(stage.element, stage.orbit, actions) };
}

function drag(element: HTMLElement, by: [number, number], init: MouseEventInit = {}): void {
  send(element, "pointerdown", { clientX: 100, clientY: 100, ...init });
  send(element, "pointermove", { clientX: 100 + by[0], clientY: 100 + by[1], ...init });
  send(element, "pointerup", { clientX: 100 + by[0], clientY: 100 + by[1], ...init });
}

test("a press that hardly moves is a click and leaves the camera where it is", () => {
  const { element, actions, poses } = follow(false);
  drag(element, [2, 1]);
  expect(actions.click).toHaveBeenCalledWith(102, 101);
  expect(poses).toEqual([]);
});

test("a drag turns in space and pans in the plane; with Ctrl or the right button it always pans", () => {
  for (const [isPlane, init, turns] of [
    [false, {}, true],
    [true, {}, false],
    [false, { ctrlKey: true }, false],
    [true, { ctrlKey: true }, false],
    [false, { button: 2 }, false],
    [true, { button: 2 }, false],
  ] as const) {
    const { element, actions, poses } = follow(isPlane);
    drag(element, [60, 30], init);
    expect(actions.click).not.toHaveBeenCalled();
    const { yaw, target } = poses.at(-1)!;
    expect(Math.abs(yaw) > 0.1, JSON.stringify([isPlane, init])).toBe(turns);
    expect(Math.hypot(...target) > 0.05).toBe(!turns);
  }
});

test("where a drag draws a box the camera stays, and moves again afterwards", () => {
  const { element, actions, poses, orbit } = follow(false, "box");
  drag(element, [50, -40]);
  expect(actions.drawn).toHaveBeenCalledWith([100, 100, 150, 100, 150, 60, 100, 60], expect.anything());
  expect(actions.outline).toHaveBeenLastCalledWith(null);
  expect(poses).toEqual([]);
  expect(orbit.controls.enabled).toBe(true);
});

test("a lasso follows the pointer; one of less than three corners selects nothing", () => {
  const { element, actions, poses } = follow(false, "lasso");
  const path = [
    [100, 100],
    [140, 100],
    [140.5, 100.5],
    [140, 140],
  ] as const;
  send(element, "pointerdown", { clientX: 100, clientY: 100 });
  for (const [clientX, clientY] of path) send(element, "pointermove", { clientX, clientY });
  send(element, "pointerup", { clientX: 140, clientY: 140, altKey: true });
  const [outline, event] = vi.mocked(actions.drawn).mock.calls[0]!;
  expect(outline).toEqual([100, 100, 140, 100, 140, 140]);
  expect(event.altKey).toBe(true);
  drag(element, [50, 0]);
  expect(actions.drawn).toHaveBeenCalledTimes(1);
  expect(poses).toEqual([]);
});

test("nothing is listened to after the end", () => {
  const { element, actions, end } = follow(false);
  end();
  drag(element, [0, 0]);
  expect(actions.click).not.toHaveBeenCalled();
});
