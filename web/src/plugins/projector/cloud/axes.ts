/** The axes through the middle of the cloud: their lines behind the points, their names over them. */

import { MathUtils, Vector3 } from "three";
import type { Room } from "./labels";
import type { LayerFrame } from "./layer";
import { Screen } from "./screen";

/** @param count of axes, two or three. */
export function drawAxes(context: CanvasRenderingContext2D, frame: LayerFrame, count: number): void {
  const screen = new Screen(frame.camera, frame.width, frame.height);
  const from = new Vector3();
  const to = new Vector3();
  context.strokeStyle = frame.theme.axis;
  context.lineWidth = 1;
  for (let axis = 0; axis < count; axis++) {
    const end = new Vector3().setComponent(axis, 1);
    screen.place(-end.x, -end.y, -end.z, from);
    screen.place(end.x, end.y, end.z, to);
    if (!(from.z > 0 && to.z > 0)) continue;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
}

/** @param names each stands at its axis' positive end, and takes its place before any label. */
export function drawAxisNames(
  context: CanvasRenderingContext2D,
  frame: LayerFrame,
  names: readonly string[],
  room: Room,
): void {
  const { width, height, theme } = frame;
  const screen = new Screen(frame.camera, width, height);
  const to = new Vector3();
  context.font = `11px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = theme.background;
  context.fillStyle = theme.dim;
  names.forEach((name, axis) => {
    const end = new Vector3().setComponent(axis, 1);
    screen.place(end.x, end.y, end.z, to);
    if (!name || !(to.z > 0)) return;
    const wide = context.measureText(name).width;
    const x = MathUtils.clamp(to.x > width / 2 ? to.x - wide : to.x, 8, Math.max(8, width - wide - 8));
    const y = MathUtils.clamp(to.y + (to.y > height / 2 ? 10 : -10), 16, height - 16);
    if (!room.take(x - 2, y - 8, x + wide + 2, y + 8)) return;
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  });
}
