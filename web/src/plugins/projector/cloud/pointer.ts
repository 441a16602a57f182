/** What the pointer does on the cloud beside moving the camera, which is the controls' part: hover, click, and draw a box. */

import type { OrbitCamera } from "./orbitCamera";
import type { PixelBox } from "./pointCloud";

/** Less is a click, and leaves the camera where it is. */
const leastDrag_px = 4;

export interface PointerActions {
  /** Whether a press draws a box. */
  drawsBox: (event: PointerEvent) => boolean;
  /** The pointer rests or moves over a pixel with no button down; null when it does so no more. At most once a frame. */
  hover: (place: { x: number; y: number } | null) => void;
  click: (x: number, y: number) => void;
  /** The box as it is drawn; null where none is. */
  box: (box: PixelBox | null) => void;
  /** @param adds whether it adds to what is selected. */
  boxed: (box: PixelBox, adds: boolean) => void;
}

/** Listens on an element, before the controls do. Returns what ends it. */
export function followPointer(element: HTMLElement, orbit: OrbitCamera, actions: PointerActions): () => void {
  const pressed = new Set<number>();
  let start: { x: number; y: number } | null = null;
  let drawsBox = false;
  let dragged = false;
  let box: PixelBox | null = null;
  let hoverFrame = 0;
  let hovered = { x: 0, y: 0 };

  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function setBox(next: PixelBox | null): void {
    box = next;
    actions.box(next);
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
      setBox(null);
      return;
    }
    start = placeOf(event);
    dragged = false;
    drawsBox = actions.drawsBox(event);
    orbit.controls.enabled = !drawsBox;
    orbit.setPointer(event.pointerType, event.ctrlKey || event.metaKey);
    if (drawsBox) element.setPointerCapture(event.pointerId);
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
    if (drawsBox && start && pressed.size === 1)
      setBox([
        Math.min(start.x, now.x),
        Math.min(start.y, now.y),
        Math.max(start.x, now.x),
        Math.max(start.y, now.y),
      ]);
  }

  function up(event: PointerEvent): void {
    const alone = pressed.delete(event.pointerId) && pressed.size === 0;
    if (!alone) return;
    orbit.controls.enabled = true;
    if (box) actions.boxed(box, event.ctrlKey || event.metaKey);
    else if (!dragged && event.button === 0) {
      const { x, y } = placeOf(event);
      actions.click(x, y);
    }
    setBox(null);
  }

  function cancel(event: PointerEvent): void {
    pressed.delete(event.pointerId);
    orbit.controls.enabled = true;
    setBox(null);
  }

  function wheel(event: WheelEvent): void {
    orbit.setPointer("mouse", event.ctrlKey);
  }

  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: cancel } as const;
  const capture = { capture: true };
  for (const [type, listener] of Object.entries(listeners))
    element.addEventListener(type as "pointerdown", listener, capture);
  element.addEventListener("pointerleave", endHover);
  element.addEventListener("wheel", wheel, { capture: true, passive: true });
  return () => {
    cancelAnimationFrame(hoverFrame);
    for (const [type, listener] of Object.entries(listeners))
      element.removeEventListener(type as "pointerdown", listener, capture);
    element.removeEventListener("pointerleave", endHover);
    element.removeEventListener("wheel", wheel, capture);
  };
}
