/**
 * What a chart draws on. The same calls go to a canvas on the page and to SVG for a file, so both show the same.
 * All lengths are CSS pixels from the upper left corner.
 */

export interface Stroke {
  color: string;
  width?: number;
  /** Lengths of dash and gap; empty for a whole line. */
  dash?: readonly number[];
  alpha?: number;
}

export interface TextStyle {
  color: string;
  align?: "start" | "middle" | "end";
  baseline?: "top" | "middle" | "alphabetic";
  bold?: boolean;
  /** Font size, 11 if not given. */
  size_px?: number;
}

export interface Surface {
  readonly width: number;
  readonly height: number;
  /**
   * A line through the first `count` points of `points` (x, y, x, y, …).
   *
   */
  polyline(points: Float32Array, count: number, stroke: Stroke): void;
  polygon(points: readonly (readonly [number, number])[], fill: string, alpha?: number): void;
  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void;
  rect(x: number, y: number, width: number, height: number, fill: string, alpha?: number): void;
  circle(x: number, y: number, radius: number, fill: string, outline?: string): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
  /** Width of a text in px. */
  measure(text: string, bold?: boolean): number;
  /** Draws with nothing shown outside the rectangle. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
}

export const fontSize_px = 11;

export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;

  /**
   * Sizes the canvas for the screen's pixels, clears it, and draws on it.
   *
   * @param font a CSS font-family list.
   */
  constructor(
    canvas: HTMLCanvasElement,
    readonly width: number,
    readonly height: number,
    readonly font: string,
  ) {
    const ratio = globalThis.devicePixelRatio || 1;
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser gave no canvas to draw on");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    this.#context = context;
  }

  polyline(points: Float32Array, count: number, stroke: Stroke): void {
    if (count < 2) return;
    const context = this.#context;
    this.#stroke(stroke);
    context.beginPath();
    context.moveTo(points[0]!, points[1]!);
    for (let i = 1; i < count; i++) context.lineTo(points[2 * i]!, points[2 * i + 1]!);
    context.stroke();
    context.globalAlpha = 1;
  }

  polygon(points: readonly (readonly [number, number])[], fill: string, alpha = 1): void {
    const context = this.#context;
    context.fillStyle = fill;
    context.globalAlpha = alpha;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    context.fill();
    context.globalAlpha = 1;
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void {
    const context = this.#context;
    this.#stroke(stroke);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.globalAlpha = 1;
  }

  rect(x: number, y: number, width: number, height: number, fill: string, alpha = 1): void {
    this.#context.globalAlpha = alpha;
    this.#context.fillStyle = fill;
    this.#context.fillRect(x, y, width, height);
    this.#context.globalAlpha = 1;
  }

  circle(x: number, y: number, radius: number, fill: string, outline?: string): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    if (!outline) return;
    this.#stroke({ color: outline });
    context.stroke();
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const context = this.#context;
    context.font = `${style.bold ? "600 " : ""}${style.size_px ?? fontSize_px}px ${this.font}`;
    context.fillStyle = style.color;
    context.textAlign = style.align === "middle" ? "center" : (style.align ?? "start");
    context.textBaseline = style.baseline ?? "alphabetic";
    context.fillText(text, x, y);
  }

  measure(text: string, bold = false): number {
    this.#context.font = `${bold ? "600 " : ""}${fontSize_px}px ${this.font}`;
    return this.#context.measureText(text).width;
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }

  #stroke(stroke: Stroke): void {
    const context = this.#context;
    context.strokeStyle = stroke.color;
    context.lineWidth = stroke.width ?? 1;
    context.globalAlpha = stroke.alpha ?? 1;
    context.setLineDash((stroke.dash ?? []) as number[]);
  }
}

/** Writes SVG text: `new SvgSurface(…)`, draw, then `document()`. */
export class SvgSurface implements Surface {
  readonly #parts: string[] = [];
  readonly #size: { width: number; height: number };
  #part: { width: number; height: number };
  #clips = 0;

  constructor(
    width: number,
    height: number,
    readonly font: string,
    readonly background: string,
  ) {
    this.#size = { width, height };
    this.#part = this.#size;
  }

  get width(): number {
    return this.#part.width;
  }

  get height(): number {
    return this.#part.height;
  }

  /** Draws onto a part of the file as if it were a surface of its own. */
  move(x: number, y: number, width: number, height: number, draw: () => void): void {
    const before = this.#part;
    this.#part = { width, height };
    this.#parts.push(`<g transform="translate(${x} ${y})">`);
    draw();
    this.#parts.push("</g>");
    this.#part = before;
  }

  /** The whole file. */
  document(): string {
    const { width, height } = this.#size;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` font-family="${escape(this.font)}" fill="none" stroke-linejoin="round">` +
      `<rect width="${width}" height="${height}" fill="${this.background}"/>${this.#parts.join("")}</svg>`
    );
  }

  polyline(points: Float32Array, count: number, stroke: Stroke): void {
    if (count < 2) return;
    let path = "";
    for (let i = 0; i < count; i++) path += `${round(points[2 * i]!)},${round(points[2 * i + 1]!)} `;
    this.#parts.push(`<polyline points="${path.trimEnd()}"${strokeAttributes(stroke)}/>`);
  }

  polygon(points: readonly (readonly [number, number])[], fill: string, alpha = 1): void {
    const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
    this.#parts.push(`<polygon points="${path}" fill="${fill}" fill-opacity="${alpha}"/>`);
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void {
    this.#parts.push(
      `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"${strokeAttributes(stroke)}/>`,
    );
  }

  rect(x: number, y: number, width: number, height: number, fill: string, alpha = 1): void {
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}" fill-opacity="${alpha}"/>`,
    );
  }

  circle(x: number, y: number, radius: number, fill: string, outline?: string): void {
    const edge = outline ? ` stroke="${outline}"` : "";
    this.#parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}"${edge}/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const baseline = { top: "hanging", middle: "central", alphabetic: "auto" }[
      style.baseline ?? "alphabetic"
    ];
    const weight = style.bold ? ' font-weight="600"' : "";
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" fill="${style.color}" font-size="${style.size_px ?? fontSize_px}"${weight}` +
        ` text-anchor="${style.align ?? "start"}" dominant-baseline="${baseline}">${escape(text)}</text>`,
    );
  }

  /** No fonts at hand here: wide (CJK) letters count as one em, others as 0.6. */
  measure(text: string): number {
    let ems = 0;
    for (const letter of text) ems += letter.codePointAt(0)! > 0x2e7f ? 1 : 0.6;
    return ems * fontSize_px;
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${this.#clips++}`;
    this.#parts.push(
      `<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/></clipPath>` +
        `<g clip-path="url(#${id})">`,
    );
    draw();
    this.#parts.push("</g>");
  }
}

function strokeAttributes(stroke: Stroke): string {
  const dash = stroke.dash?.length ? ` stroke-dasharray="${stroke.dash.join(" ")}"` : "";
  const alpha = stroke.alpha === undefined ? "" : ` stroke-opacity="${stroke.alpha}"`;
  return ` stroke="${stroke.color}" stroke-width="${stroke.width ?? 1}"${dash}${alpha}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Text for XML: the five marks, and without the control characters that no XML file may hold. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
