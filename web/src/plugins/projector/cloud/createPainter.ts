import { loadPart } from "../../../base/parts";
import type { Painter } from "./painter";
import type { PointCloud } from "./pointCloud";
import { WebglPainter } from "./webglPainter";

/** WebGL where there is one that three.js can work with, else a 2-D canvas, whose script few browsers need. */
export async function createPainter(cloud: PointCloud): Promise<{ painter: Painter; webgl: boolean }> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", {
    alpha: true,
    antialias: false,
    powerPreference: "high-performance",
  });
  if (context) {
    try {
      return { painter: new WebglPainter(cloud, canvas, context), webgl: true };
    } catch {
      // Drawn without it.
    }
  }
  const { CanvasPainter } = await loadPart(() => import("./canvasPainter"));
  return { painter: new CanvasPainter(cloud), webgl: false };
}
