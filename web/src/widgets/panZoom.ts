/** A plane that is moved and enlarged under a window: the numbers, and the pointers that change them. */

import { wheelPixels, wheelZoom } from "../base/wheel";

/** Where the plane's origin lies in the window, and how large the plane is drawn. */
export interface Transform {
  /** In px of the window. */
  x: number;
  y: number;
  /** Window px per px of the plane. */
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Least and greatest scale. */
export type ScaleLimits = readonly [number, number];

/** Enlarged by `factor`; what lies at (x, y) of the window stays there. */
export function zoomed(
  from: Transform,
  factor: number,
  x: number,
  y: number,
  [least, most]: ScaleLimits,
): Transform {
  const scale = Math.min(most, Math.max(least, from.scale * factor));
  const grown = scale / from.scale;
  return { x: x - (x - from.x) * grown, y: y - (y - from.y) * grown, scale };
}

/** Moved by so many px of the window. */
export function panned(from: Transform, dx: number, dy: number): Transform {
  return { ...from, x: from.x + dx, y: from.y + dy };
}

/** Content in the middle of the window. */
export function centered(content: Size, window: Size, scale: number): Transform {
  return {
    x: (window.width - content.width * scale) / 2,
    y: (window.height - content.height * scale) / 2,
    scale,
  };
}

/** The point of the plane that lies at (x, y) of the window. */
export function toPlane(transform: Transform, x: number, y: number): { x: number; y: number } {
  return { x: (x - transform.x) / transform.scale, y: (y - transform.y) / transform.scale };
}

/** Places are px of the element. */
export interface PanZoomHandlers {
  /** Dragged by so many px; also by shift and the wheel, sideways. */
  pan(dx: number, dy: number): void;
  /** Enlarged by `factor` about a place: the wheel, or two fingers. */
  zoom(factor: number, x: number, y: number): void;
  press?(): void;
  /** Pressed and let go of without a drag. */
  click?(x: number, y: number): void;
  /** Pointed at without a press. */
  hover?(x: number, y: number, event: PointerEvent): void;
  leave?(): void;
}

/** A shorter drag is a click. */
const click_px = 3;

/** Listens on `element` until the returned function is called. The element wants `touch-action: none`. */
export function listenPanZoom(element: HTMLElement, handlers: PanZoomHandlers): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pressed = new Map<number, { x: number; y: number }>();
  let moved_px = 0;

  function place(event: MouseEvent): { x: number; y: number } {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 && event.pointerType === "mouse") return;
    element.setPointerCapture(event.pointerId);
    if (pressed.size === 0) moved_px = 0;
    pressed.set(event.pointerId, place(event));
    handlers.press?.();
  }

  function move(event: PointerEvent): void {
    const to = place(event);
    const from = pressed.get(event.pointerId);
    if (!from) {
      handlers.hover?.(to.x, to.y, event);
      return;
    }
    pressed.set(event.pointerId, to);
    moved_px += Math.hypot(to.x - from.x, to.y - from.y);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      // The finger that rests holds its place, the other one pulls.
      const before = Math.hypot(from.x - other.x, from.y - other.y);
      const after = Math.hypot(to.x - other.x, to.y - other.y);
      handlers.zoom(after / Math.max(before, 1), other.x, other.y);
    } else if (moved_px > click_px) handlers.pan(to.x - from.x, to.y - from.y);
  }

  function up(event: PointerEvent): void {
    if (!pressed.delete(event.pointerId) || moved_px > click_px || pressed.size) return;
    const { x, y } = place(event);
    handlers.click?.(x, y);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.shiftKey) {
      const { x, y } = wheelPixels(event);
      handlers.pan(-(x + y), 0);
      return;
    }
    const { x, y } = place(event);
    handlers.zoom(wheelZoom(event), x, y);
  }

  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", (event) => pressed.delete(event.pointerId), { signal });
  element.addEventListener("pointerleave", () => handlers.leave?.(), { signal });
  // Not passive, so that the page does not scroll meanwhile.
  element.addEventListener("wheel", wheel, { signal, passive: false });
  return () => stop.abort();
}
