/** The pointer's language over a chart: hover, drag a box, pan with shift or the middle button, zoom with alt+wheel, reset by double-click. */

import { wheelZoom } from "../base/wheel";

export interface Gestures {
  hover(x: number, y: number, event: PointerEvent): void;
  leave(): void;
  /** A box being drawn; null when it is done or given up. */
  box?(box: DragBox | null): void;
  /** A box that was let go of. Without it nothing is dragged. */
  zoomTo?(box: DragBox): void;
  /** The pointer dragged the view by so many px since the last call; it then hovers at its new place. */
  pan?(dx: number, dy: number): void;
  /** Zoom about a point: `factor` < 1 shows less. */
  zoomBy?(factor: number, x: number, y: number): void;
  reset?(): void;
  /** A press without a drag. */
  click?(x: number, y: number, event: PointerEvent): void;
}

/** What a chart does beside telling what lies under the pointer. */
export type ViewGestures = Omit<Gestures, "hover" | "leave">;

/** In px of the element. */
export interface DragBox {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** A shorter drag is a click. */
const click_px = 4;

/** Listens on `element` until the returned function is called. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let drag: { x: number; y: number; pan: boolean; moved: boolean; lastX: number; lastY: number } | null =
    null;

  function at(event: MouseEvent): { x: number; y: number } {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function giveUp(): void {
    drag = null;
    gestures.box?.(null);
  }

  listenToTaps(element, gestures, at, signal);
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (!gestures.zoomTo || event.button > 1 || event.pointerType === "touch") return;
      const { x, y } = at(event);
      drag = { x, y, lastX: x, lastY: y, pan: event.button === 1 || event.shiftKey, moved: false };
      if (drag.pan) event.preventDefault();
      element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      const { x, y } = at(event);
      if (!drag) {
        gestures.hover(x, y, event);
        return;
      }
      if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < click_px) return;
      drag.moved = true;
      if (drag.pan) {
        gestures.pan?.(x - drag.lastX, y - drag.lastY);
        gestures.hover(x, y, event);
      } else gestures.box?.({ x1: drag.x, y1: drag.y, x2: x, y2: y });
      [drag.lastX, drag.lastY] = [x, y];
    },
    { signal },
  );
  element.addEventListener(
    "pointerup",
    (event) => {
      if (!drag) return;
      const { x, y } = at(event);
      const done = drag;
      giveUp();
      if (done.pan) return;
      if (done.moved) {
        gestures.zoomTo?.({ x1: done.x, y1: done.y, x2: x, y2: y });
        // The pointer lies still on what it has just changed.
        if (element.matches(":hover")) gestures.hover(x, y, event);
      } else gestures.click?.(x, y, event);
    },
    { signal },
  );
  element.addEventListener("pointercancel", giveUp, { signal });
  element.addEventListener(
    "pointerleave",
    (event) => drag || event.pointerType === "touch" || gestures.leave(),
    { signal },
  );
  element.addEventListener("dblclick", () => gestures.reset?.(), { signal });
  window.addEventListener("keydown", (event) => event.key === "Escape" && drag && giveUp(), { signal });
  element.addEventListener(
    "wheel",
    (event) => {
      // Without alt (or a pinch, which arrives as ctrl) the wheel is the page's.
      if (!gestures.zoomBy || (!event.altKey && !event.ctrlKey)) return;
      event.preventDefault();
      const { x, y } = at(event);
      gestures.zoomBy(1 / wheelZoom(event), x, y);
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}

/** A finger that moves less has tapped. */
const tap_px = 10;

/** A tap reads out, and what it read stays until one elsewhere: a finger has no place where it rests. */
function listenToTaps(
  element: HTMLElement,
  gestures: Gestures,
  at: (event: MouseEvent) => { x: number; y: number },
  signal: AbortSignal,
): void {
  let begun: { x: number; y: number } | null = null;
  window.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType !== "touch") return;
      const inside = event.target instanceof Node && element.contains(event.target);
      if (!inside && begun) gestures.leave();
      begun = inside ? at(event) : null;
    },
    { signal, capture: true },
  );
  element.addEventListener(
    "pointerup",
    (event) => {
      if (event.pointerType !== "touch" || !begun) return;
      const { x, y } = at(event);
      if (Math.hypot(x - begun.x, y - begun.y) < tap_px) gestures.hover(x, y, event);
    },
    { signal },
  );
}
