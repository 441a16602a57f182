/** The keys of the cloud. */

import type { OrbitCamera } from "./orbitCamera";
import type { Tool } from "./pointer";

/** CSS pixels of a drag that an arrow stands for. */
const arrow_px = 24;
const zoomStep = 0.8;

const arrows: Record<string, readonly [dx: number, dy: number]> = {
  ArrowLeft: [arrow_px, 0],
  ArrowRight: [-arrow_px, 0],
  ArrowUp: [0, arrow_px],
  ArrowDown: [0, -arrow_px],
};

export interface KeyActions {
  isPlane: () => boolean;
  reset: () => void;
  toggleTool: (tool: Tool) => void;
  moveStep: (by: number) => void;
  togglePlay: () => void;
  /** Shows the point in the middle. */
  choose: () => void;
  /** Gives up what was chosen last; false if there is nothing left. */
  escape: () => boolean;
}

/** Does what a key asks for; what means nothing here is left to others. */
export function pressKey(event: KeyboardEvent, orbit: OrbitCamera, actions: KeyActions): void {
  const isZoom = "+=-".includes(event.key);
  if (event.altKey || ((event.ctrlKey || event.metaKey) && !isZoom)) return;
  const arrow = arrows[event.key];
  if (arrow) moveBy(orbit, arrow, event.shiftKey || actions.isPlane());
  else if (isZoom) orbit.controls.dollyIn(event.key === "-" ? 1 / zoomStep : zoomStep);
  else if (event.key === "0" || event.key === "Home") actions.reset();
  else if (event.key === "b" || event.key === "B") actions.toggleTool("box");
  else if (event.key === "l" || event.key === "L") actions.toggleTool("lasso");
  else if (event.key === "p" || event.key === "P") actions.togglePlay();
  else if (event.key === "PageUp") actions.moveStep(1);
  else if (event.key === "PageDown") actions.moveStep(-1);
  else if (event.key === "Enter" || event.key === " ") actions.choose();
  else if (event.key !== "Escape" || !actions.escape()) return;
  event.preventDefault();
  event.stopPropagation();
}

function moveBy({ controls }: OrbitCamera, [dx, dy]: readonly [number, number], pans: boolean): void {
  if (pans) return controls.pan(dx, dy);
  const anglePerPixel = Math.PI / (controls.domElement?.clientHeight || 1);
  if (dx) controls.rotateLeft(dx * anglePerPixel);
  else controls.rotateUp(dy * anglePerPixel);
}
