/** What the pointer does on the cloud beside moving the camera, which is the controls' part: hover, click, draw a box or a lasso. */

import type { OrbitCamera } from "./orbitCamera";

/** Less is a click, and leaves the camera where it is. */
const leastDrag_px = 4;
/** Corners of a lasso are at least so far apart. */
const leastSide_px = 2;

export const tools = ["box", "lasso"] as const;
export type Tool = (typeof tools)[number];
/** A closed line in pixels from the upper left corner: x, y, x, y … */
export type Outline = readonly number[];

export interface PointerActions {
  /** What a press draws; null where it moves the camera. */
  draws: (event: PointerEvent) => Tool | null;
  /** The pointer rests or moves over a pixel with no button down; null when it does so no more. At most once a frame. */
  hover: (place: { x: number; y: number } | null) => void;
  click: (x: number, y: number) => void;
  /** The outline as it is drawn; null where none is. */
  outline: (outline: Outline | null) => void;
  /** @param event that ended it. */
  drawn: (outline: Outline, event: PointerEvent) => void;
}

/** Listens on an element, before the controls do. Returns what ends it. */
export function followPointer(element: HTMLElement, orbit: OrbitCamera, actions: PointerActions): () => void {
  const pressed = new Set<number>();
  let start: { x: number; y: number } | null = null;
  let tool: Tool | null = null;
  let dragged = false;
  let outline: Outline | null = null;
  let hoverFrame = 0;
  let hovered = { x: 0, y: 0 };

  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function setOutline(next: Outline | null): void {
    outline = next;
    actions.outline(next);
  }

  function endHover(): void {
    cancelAnimationFrame(hoverFrame);
    hoverFrame = 0;
    actions.hover(null);
  }

  function down(event: PointerEvent): void {
    pressed.add(event.pointerId);
    if (pressed.size > 1) {
      // A pinch.
      dragged = true;
      setOutline(null);
      return;
    }
    start = placeOf(event);
    dragged = false;
    tool = actions.draws(event);
    orbit.controls.enabled = tool === null;
    orbit.setPointer(event.ctrlKey || event.metaKey);
    if (tool) element.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const now = placeOf(event);
    if (!pressed.has(event.pointerId)) {
      hovered = now;
      hoverFrame ||= requestAnimationFrame(() => {
        hoverFrame = 0;
        actions.hover(hovered);
      });
      return;
    }
    if (!dragged && start && Math.hypot(now.x - start.x, now.y - start.y) < leastDrag_px) {
      // The controls listen on the document.
      event.stopPropagation();
      return;
    }
    if (!dragged) endHover();
    dragged = true;
    if (start && pressed.size === 1) {
      if (tool === "box") setOutline([start.x, start.y, now.x, start.y, now.x, now.y, start.x, now.y]);
      if (tool === "lasso") setOutline(lengthened(outline ?? [start.x, start.y], now));
    }
  }

  function up(event: PointerEvent): void {
    const alone = pressed.delete(event.pointerId) && pressed.size === 0;
    if (!alone) return;
    orbit.controls.enabled = true;
    if (outline && outline.length >= 6) actions.drawn(outline, event);
    else if (!dragged && event.button === 0) {
      const { x, y } = placeOf(event);
      actions.click(x, y);
    }
    setOutline(null);
  }

  function cancel(event: PointerEvent): void {
    pressed.delete(event.pointerId);
    orbit.controls.enabled = true;
    setOutline(null);
  }

  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: cancel } as const;
  const capture = { capture: true };
  for (const [type, listener] of Object.entries(listeners))
    element.addEventListener(type as "pointerdown", listener, capture);
  element.addEventListener("pointerleave", endHover);
  return () => {
    cancelAnimationFrame(hoverFrame);
    for (const [type, listener] of Object.entries(listeners))
      element.removeEventListener(type as "pointerdown", listener, capture);
    element.removeEventListener("pointerleave", endHover);
  };
}

/** A lasso up to where the pointer is. */
function lengthened(outline: Outline, { x, y }: { x: number; y: number }): Outline {
  const isNear = Math.hypot(x - outline.at(-2)!, y - outline.at(-1)!) < leastSide_px;
  return isNear ? outline : [...outline, x, y];
}
