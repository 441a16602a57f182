/** A stage of 800×600 px for tests: jsdom lays nothing out. */

import { OrbitCamera } from "./orbitCamera";
import type { Frame } from "./painter";
import { home, type CameraPose } from "./pose";

export const width = 800;
export const height = 600;
/** Straight down the third axis. */
export const front: CameraPose = { ...home, yaw: 0, pitch: 0 };

export interface TestStage {
  orbit: OrbitCamera;
  element: HTMLElement;
  /** The poses that the controls have told. */
  poses: CameraPose[];
  frame: () => Frame;
}

export function makeStage(pose: CameraPose, isPlane: boolean): TestStage {
  const element = document.createElement("div");
  document.body.append(element);
  Object.defineProperties(element, { clientWidth: { value: width }, clientHeight: { value: height } });
  element.getBoundingClientRect = () => DOMRect.fromRect({ width, height });
  const captured = new Set<number>();
  element.setPointerCapture = (id) => void captured.add(id);
  element.releasePointerCapture = (id) => void captured.delete(id);
  const poses: CameraPose[] = [];
  const orbit = new OrbitCamera(element, pose, (next) => poses.push(next));
  orbit.resize(width, height);
  orbit.show(pose, isPlane);
  const frame = (): Frame => ({
    camera: orbit.camera,
    width,
    height,
    reference: orbit.distance,
    drawing: "points",
    sparse: false,
    diameter_px: 12,
    background: [255, 255, 255],
  });
  return { orbit, element, poses, frame };
}
