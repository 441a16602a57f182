/** The axes behind the points, through the middle of the cloud. */

import { MathUtils, Vector3 } from "three";
import { clearLayer, type LayerFrame } from "./layer";
import { Screen } from "./screen";

/** @param names of the axes, two or three; each stands at its axis' positive end. */
export function drawAxes(canvas: HTMLCanvasElement, frame: LayerFrame, names: readonly string[]): void {
  const context = clearLayer(canvas, frame);
  const { width, height, theme } = frame;
  const screen = new Screen(frame.camera, width, height);
  const from = new Vector3();
  const to = new Vector3();
  context.strokeStyle = theme.axis;
  context.fillStyle = theme.dim;
  context.font = `11px ${theme.font}`;
  context.lineWidth = 1;
  names.forEach((name, axis) => {
    const end = new Vector3().setComponent(axis, 1);
    screen.place(-end.x, -end.y, -end.z, from);
    screen.place(end.x, end.y, end.z, to);
    if (!(from.z > 0 && to.z > 0)) return;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    const below = to.y > height / 2;
    context.textAlign = to.x > width / 2 ? "right" : "left";
    context.textBaseline = below ? "top" : "bottom";
    const x = MathUtils.clamp(to.x, 8, width - 8);
    const y = MathUtils.clamp(to.y, 20, height - 20);
    context.fillText(name, x, y + (below ? 3 : -3));
  });
}
