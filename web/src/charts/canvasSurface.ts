import {
  boldWeight,
  fontSize_px,
  haloWidth,
  type Fill,
  type Part,
  type PathCommand,
  type Stroke,
  type Surface,
  type TextStyle,
} from "./surface";

export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;
  #size: { width: number; height: number };

  /**
   * Sizes the canvas, clears it, and draws on it.
   *
   * @param font a CSS font-family list.
   * @param ratio the canvas's own pixels per pixel of the surface: the screen's, or what a file is to have.
   * @throws Error if the browser gives no drawing context.
   */
  constructor(
    canvas: HTMLCanvasElement,
    width: number,
    height: number,
    readonly font: string,
    ratio = globalThis.devicePixelRatio || 1,
  ) {
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser gave no canvas to draw on");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    this.#context = context;
    this.#size = { width, height };
  }

  get width(): number {
    return this.#size.width;
  }

  get height(): number {
    return this.#size.height;
  }

  polyline(points: Float32Array, count: number, stroke: Stroke): void {
    if (count < 2) return;
    const context = this.#context;
    context.beginPath();
    context.moveTo(points[0]!, points[1]!);
    for (let i = 1; i < count; i++) context.lineTo(points[2 * i]!, points[2 * i + 1]!);
    this.#stroke(stroke);
  }

  path(commands: readonly PathCommand[], stroke: Stroke): void {
    const context = this.#context;
    context.beginPath();
    for (const command of commands) {
      if (command[0] === "M") context.moveTo(command[1], command[2]);
      else if (command[0] === "L") context.lineTo(command[1], command[2]);
      else if (command[0] === "Q") context.quadraticCurveTo(command[1], command[2], command[3], command[4]);
      else context.bezierCurveTo(command[1], command[2], command[3], command[4], command[5], command[6]);
    }
    this.#stroke(stroke);
  }

  polygon(points: readonly (readonly [number, number])[], fill: string, alpha = 1): void {
    const context = this.#context;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    this.#fill(fill, alpha);
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    this.#stroke(stroke);
  }

  rect(x: number, y: number, width: number, height: number, fill: string, alpha = 1): void {
    this.#context.beginPath();
    this.#context.rect(x, y, width, height);
    this.#fill(fill, alpha);
  }

  roundedRect(x: number, y: number, width: number, height: number, radius: number, style: Fill): void {
    const { fill, outline, alpha = 1 } = style;
    const context = this.#context;
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
    if (fill) this.#fill(fill, alpha);
    if (outline) this.#stroke(outline, alpha);
  }

  circle(x: number, y: number, radius: number, fill: string, outline?: string): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#fill(fill, 1);
    if (outline) this.#stroke({ color: outline });
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const context = this.#context;
    const size = style.size_px ?? fontSize_px;
    context.font = this.#font(size, style.bold);
    context.textAlign = style.align === "middle" ? "center" : (style.align ?? "start");
    context.textBaseline = style.baseline ?? "alphabetic";
    context.globalAlpha = style.alpha ?? 1;
    if (style.halo) {
      context.setLineDash([]);
      context.lineWidth = haloWidth(size);
      context.strokeStyle = style.halo;
      context.strokeText(text, x, y);
    }
    context.fillStyle = style.color;
    context.fillText(text, x, y);
    context.globalAlpha = 1;
  }

  measure(text: string, bold = false): number {
    this.#context.font = this.#font(fontSize_px, bold);
    return this.#context.measureText(text).width;
  }

  /** An image whose pixels stay sharp. No chart with one is saved as SVG, so `Surface` has no images. */
  image(image: CanvasImageSource, x: number, y: number, width: number, height: number): void {
    this.#context.imageSmoothingEnabled = false;
    this.#context.drawImage(image, x, y, width, height);
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    this.#saved(() => {
      this.#context.beginPath();
      this.#context.rect(x, y, width, height);
      this.#context.clip();
      draw();
    });
  }

  part({ x, y, scale = 1, width, height }: Part, draw: () => void): void {
    this.#saved(() => {
      this.#size = { width: width ?? this.width, height: height ?? this.height };
      this.#context.translate(x, y);
      this.#context.scale(scale, scale);
      draw();
    });
  }

  /** What is drawn with a clip or a transform of its own. Both end with it, also where it fails: the next frame draws on the same context. */
  #saved(draw: () => void): void {
    const size = this.#size;
    this.#context.save();
    try {
      draw();
    } finally {
      this.#context.restore();
      this.#size = size;
    }
  }

  #font(size_px: number, bold = false): string {
    return `${bold ? `${boldWeight} ` : ""}${size_px}px ${this.font}`;
  }

  /** Fills the path that stands. */
  #fill(color: string, alpha: number): void {
    this.#context.fillStyle = color;
    this.#context.globalAlpha = alpha;
    this.#context.fill();
    this.#context.globalAlpha = 1;
  }

  /** Strokes the path that stands. */
  #stroke(stroke: Stroke, alpha = 1): void {
    const context = this.#context;
    context.strokeStyle = stroke.color;
    context.lineWidth = stroke.width ?? 1;
    context.globalAlpha = alpha * (stroke.alpha ?? 1);
    context.setLineDash((stroke.dash ?? []) as number[]);
    context.stroke();
    context.globalAlpha = 1;
  }
}
