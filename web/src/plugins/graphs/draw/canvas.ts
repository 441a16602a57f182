import { family } from "./measure";
import type { Pen, TextStyle } from "./pen";

/** Draws on a canvas whose transform is set. */
export class CanvasPen implements Pen {
  constructor(private context: CanvasRenderingContext2D) {}

  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: string | null,
    stroke: string | null,
    lineWidth: number,
    dash: readonly number[] = [],
  ): void {
    const { context } = this;
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke) {
      context.setLineDash(dash as number[]);
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth;
      context.stroke();
    }
  }

  way(points: Float64Array, stroke: string, lineWidth: number, dash: readonly number[]): void {
    const { context } = this;
    context.beginPath();
    context.moveTo(points[0]!, points[1]!);
    for (let i = 2; i < points.length; i += 2) {
      const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
      if (Math.abs(x1 - x0) < 0.5) context.lineTo(x1, y1);
      else context.bezierCurveTo(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1);
    }
    context.setLineDash(dash as number[]);
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    context.stroke();
  }

  polygon(points: readonly number[], fill: string): void {
    const { context } = this;
    context.beginPath();
    context.moveTo(points[0]!, points[1]!);
    for (let i = 2; i < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!);
    context.closePath();
    context.fillStyle = fill;
    context.fill();
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const { context } = this;
    context.font = `${style.weight} ${style.size}px ${family}`;
    context.textAlign = style.align;
    context.textBaseline = "middle";
    if (style.halo) {
      context.setLineDash([]);
      context.lineJoin = "round";
      context.lineWidth = style.size * 0.36;
      context.strokeStyle = style.halo;
      context.strokeText(text, x, y);
    }
    context.fillStyle = style.color;
    context.fillText(text, x, y);
  }

  alpha(value: number): void {
    this.context.globalAlpha = value;
  }
}
