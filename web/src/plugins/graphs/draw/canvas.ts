import { family } from "./measure";
import { wayOf, type Pen, type TextStyle } from "./pen";

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
    for (const command of wayOf(points)) {
      if (command[0] === "M") context.moveTo(command[1], command[2]);
      else if (command[0] === "L") context.lineTo(command[1], command[2]);
      else if (command[0] === "Q") context.quadraticCurveTo(command[1], command[2], command[3], command[4]);
      else context.bezierCurveTo(command[1], command[2], command[3], command[4], command[5], command[6]);
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
