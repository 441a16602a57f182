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

/**
 * From a line's own place down to the alphabetic baseline, as a share of the font size. Not every reader of SVG knows `dominant-baseline`, so
 * the shift is written out.
 */
const baselineShift = { top: 0.78, middle: 0.35, alphabetic: 0 } as const;

/** Writes SVG text: `new SvgSurface(…)`, draw, then `document()`. */
export class SvgSurface implements Surface {
  readonly #parts: string[] = [];
  readonly #whole: { width: number; height: number };
  #size: { width: number; height: number };
  #clips = 0;

  constructor(
    width: number,
    height: number,
    readonly font: string,
    readonly background: string,
  ) {
    this.#whole = { width, height };
    this.#size = this.#whole;
  }

  get width(): number {
    return this.#size.width;
  }

  get height(): number {
    return this.#size.height;
  }

  /** The whole file. */
  document(): string {
    const { width, height } = this.#whole;
    const [w, h] = [round(width), round(height)];
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"` +
      ` font-family="${escape(this.font)}" fill="none" stroke-linejoin="round">\n` +
      `<rect width="${w}" height="${h}" fill="${this.background}"/>\n${this.#parts.join("\n")}\n</svg>\n`
    );
  }

  polyline(points: Float32Array, count: number, stroke: Stroke): void {
    if (count < 2) return;
    let path = "";
    for (let i = 0; i < count; i++) path += `${round(points[2 * i]!)},${round(points[2 * i + 1]!)} `;
    this.#parts.push(`<polyline points="${path.trimEnd()}"${strokeAttributes(stroke)}/>`);
  }

  path(commands: readonly PathCommand[], stroke: Stroke): void {
    const path = commands.map(([letter, ...numbers]) => letter + numbers.map(round).join(" ")).join("");
    this.#parts.push(`<path d="${path}"${strokeAttributes(stroke)}/>`);
  }

  polygon(points: readonly (readonly [number, number])[], fill: string, alpha = 1): void {
    const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
    this.#parts.push(`<polygon points="${path}" fill="${fill}"${opacity(alpha)}/>`);
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void {
    this.#parts.push(
      `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"${strokeAttributes(stroke)}/>`,
    );
  }

  rect(x: number, y: number, width: number, height: number, fill: string, alpha = 1): void {
    this.roundedRect(x, y, width, height, 0, { fill, alpha });
  }

  roundedRect(x: number, y: number, width: number, height: number, radius: number, style: Fill): void {
    const { fill, outline, alpha } = style;
    const r = round(Math.min(radius, width / 2, height / 2));
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${r > 0 ? ` rx="${r}"` : ""}` +
        `${fill ? ` fill="${fill}"` : ""}${outline ? strokeAttributes(outline) : ""}${opacity(alpha)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, fill: string, outline?: string): void {
    const edge = outline ? ` stroke="${outline}"` : "";
    this.#parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}"${edge}/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const size = style.size_px ?? fontSize_px;
    const baseline = y + size * baselineShift[style.baseline ?? "alphabetic"];
    const weight = style.bold ? ` font-weight="${boldWeight}"` : "";
    const anchor = style.align && style.align !== "start" ? ` text-anchor="${style.align}"` : "";
    const halo = style.halo
      ? ` stroke="${style.halo}" stroke-width="${round(haloWidth(size))}" paint-order="stroke"`
      : "";
    this.#parts.push(
      `<text x="${round(x)}" y="${round(baseline)}" fill="${style.color}" font-size="${round(size)}"${weight}` +
        `${anchor}${halo}${opacity(style.alpha)}>${escape(text)}</text>`,
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

  part({ x, y, scale = 1, width, height }: Part, draw: () => void): void {
    const before = this.#size;
    this.#size = { width: width ?? before.width, height: height ?? before.height };
    const zoom = scale === 1 ? "" : ` scale(${scale})`;
    this.#parts.push(`<g transform="translate(${round(x)} ${round(y)})${zoom}">`);
    draw();
    this.#parts.push("</g>");
    this.#size = before;
  }
}

function strokeAttributes(stroke: Stroke): string {
  const dash = stroke.dash?.length ? ` stroke-dasharray="${stroke.dash.join(" ")}"` : "";
  const alpha = stroke.alpha === undefined || stroke.alpha === 1 ? "" : ` stroke-opacity="${stroke.alpha}"`;
  return ` stroke="${stroke.color}" stroke-width="${round(stroke.width ?? 1)}"${dash}${alpha}`;
}

function opacity(alpha = 1): string {
  return alpha === 1 ? "" : ` opacity="${alpha}"`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for XML: the five marks, and without the control characters that no XML file may hold. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (mark) => entities[mark]!);
}
