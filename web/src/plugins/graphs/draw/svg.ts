import { family } from "./measure";
import { wayOf, type Pen, type TextStyle } from "./pen";

/** Draws into the text of an SVG file. */
export class SvgPen implements Pen {
  #parts: string[] = [];
  #alpha = 1;

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
    const r = Math.min(radius, width / 2, height / 2);
    const line = stroke ? ` stroke="${stroke}" stroke-width="${n(lineWidth)}"${dashes(dash)}` : "";
    this.#add(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(r)}" fill="${fill ?? "none"}"${line}`,
    );
  }

  way(points: Float64Array, stroke: string, lineWidth: number, dash: readonly number[]): void {
    const path = wayOf(points)
      .map(([letter, ...numbers]) => letter + numbers.map(n).join(" "))
      .join("");
    this.#add(
      `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${n(lineWidth)}"${dashes(dash)}`,
    );
  }

  polygon(points: readonly number[], fill: string): void {
    this.#add(`<polygon points="${points.map(n).join(" ")}" fill="${fill}"`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const anchor = style.align === "center" ? ' text-anchor="middle"' : "";
    const halo = style.halo
      ? ` stroke="${style.halo}" stroke-width="${n(style.size * 0.36)}" stroke-linejoin="round" paint-order="stroke"`
      : "";
    // Not every reader of SVG knows dominant-baseline: the shift is written out.
    this.#add(
      `<text x="${n(x)}" y="${n(y + style.size * 0.35)}" font-size="${n(style.size)}" font-weight="${style.weight}" fill="${style.color}"${anchor}${halo}`,
      `${escape(text)}</text>`,
    );
  }

  alpha(value: number): void {
    this.#alpha = value;
  }

  /** The whole file. */
  file(x: number, y: number, width: number, height: number, background: string): string {
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${n(x)} ${n(y)} ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" font-family="${escape(family)}">\n` +
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${background}"/>\n` +
      `${this.#parts.join("\n")}\n</svg>\n`
    );
  }

  #add(start: string, content?: string): void {
    const alpha = this.#alpha < 1 ? ` opacity="${this.#alpha}"` : "";
    this.#parts.push(content === undefined ? `${start}${alpha}/>` : `${start}${alpha}>${content}`);
  }
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function dashes(dash: readonly number[]): string {
  return dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
}

function escape(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!)
      // Control characters may stand in a node's name and in no XML file.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
  );
}
