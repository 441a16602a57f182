import { CanvasPainter } from "./canvasPainter";
import type { Painter } from "./painter";
import type { PointCloud } from "./pointCloud";
import { WebglPainter } from "./webglPainter";

/** WebGL where there is one that three.js can work with, else a 2-D canvas. */
export function createPainter(cloud: PointCloud): { painter: Painter; webgl: boolean } {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", {
    alpha: true,
    antialias: false,
    powerPreference: "high-performance",
  });
  if (!context) return { painter: new CanvasPainter(cloud), webgl: false };
  try {
    return { painter: new WebglPainter(cloud, canvas, context), webgl: true };
  } catch {
    return { painter: new CanvasPainter(cloud), webgl: false };
  }
}
