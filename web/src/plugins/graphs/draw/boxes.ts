/** Scopes and boxes, and the words in them. */

import type { Unit } from "../model/tree";
import type { Box } from "./diagram";
import { firstLine, fonts, header_px, mark, secondLine } from "./measure";
import { scopeFill, smallestText, type Drawing } from "./style";

/** Text of boxes seen from far away, if there is room, in px on the screen. */
const overview = 9;

/** How far the cards of a repeat group stick out behind each other. */
const stack = { right: 8, bottom: 4, cards: [8, 4] } as const;

export function drawScope({ surface, style: { theme } }: Drawing, { unit, x, y, width, height }: Box): void {
  const outline = { color: theme.scopeBorder };
  surface.roundedRect(x, y, width, height, 8, { fill: scopeFill(theme, unit), outline });
}

export function drawHeader({ surface, style, scale }: Drawing, box: Box): void {
  if (style.plain) return;
  const { theme } = style;
  const size = fonts.header * scale >= smallestText ? fonts.header : overview / scale;
  const title = firstLine(box.unit);
  const width = style.measure(title, fonts.header, true) * (size / fonts.header);
  const x = box.x + 10 * (size / fonts.header);
  if (width + x - box.x > box.width || size > 3 * fonts.header) return;
  const y = box.y + Math.max(header_px / 2, size * 0.75);
  const halo = scopeFill(theme, box.unit);
  const t = size * 0.34;
  surface.polygon(
    [
      [x, y - t * 0.7],
      [x + 2 * t, y - t * 0.7],
      [x + t, y + t * 0.8],
    ],
    theme.dim,
  );
  const at = x + size * 1.05;
  surface.text(at, y, title, { size_px: size, bold: true, color: theme.text, baseline: "middle", halo });
  const second = secondLine(box.unit);
  if (second && size === fonts.header) {
    const size_px = fonts.subtitle;
    surface.text(at + width + 7, y, second, { size_px, color: theme.dim, baseline: "middle", halo });
  }
}

export function drawBox(drawing: Drawing, box: Box): void {
  const { surface, style, scale } = drawing;
  const { unit, x, y } = box;
  const colors = style.colors(unit);
  const fill = fonts.title * scale >= smallestText ? colors.fill : colors.far;
  const radius = unit.isModule || unit.node < 0 ? 7 : box.height / 2;
  const alpha = style.traced !== null && !style.traced.has(unit) ? 0.28 : 1;
  const outline = { color: colors.outline };
  if (unit.repeats)
    for (const step of stack.cards)
      surface.roundedRect(x + step, y + step, box.width - step, box.height - 2, radius, {
        fill,
        outline,
        alpha,
      });
  const width = box.width - (unit.repeats ? stack.right : 0);
  const height = box.height - (unit.repeats ? stack.bottom : 0);
  const edge =
    style.hovered === unit
      ? { color: style.theme.accent, width: 1.6 }
      : { color: colors.outline, width: 1.1 };
  surface.roundedRect(x, y, width, height, radius, { fill, outline: edge, alpha });
  if (!style.plain) drawTitle(drawing, unit, x, y, width, height, alpha);
}

function drawTitle(
  { surface, style: { theme, measure }, scale }: Drawing,
  unit: Unit,
  x: number,
  y: number,
  width: number,
  height: number,
  alpha: number,
): void {
  const middle = x + width / 2;
  const title = firstLine(unit);
  const full = measure(title, fonts.title, true);
  const centered = { align: "middle", baseline: "middle", alpha } as const;
  if (fonts.title * scale < smallestText) {
    // From far away a title may use the whole box; one that does not fit is left out, never cut.
    const size = Math.min(overview / scale, (fonts.title * (width - 8)) / full, height - 4);
    if (size * scale >= smallestText)
      surface.text(middle, y + height / 2, title, {
        ...centered,
        size_px: size,
        bold: true,
        color: theme.text,
      });
    return;
  }
  const second = secondLine(unit);
  const line = y + (second ? height / 2 - 7.5 : height / 2);
  const opens = unit.children.length > 0;
  if (opens) {
    const left = middle - (full + mark) / 2;
    surface.polygon(
      [
        [left, line - 4.5],
        [left + 7, line],
        [left, line + 4.5],
      ],
      theme.dim,
      alpha,
    );
  }
  surface.text(middle + (opens ? mark / 2 : 0), line, title, {
    ...centered,
    size_px: fonts.title,
    bold: true,
    color: theme.text,
  });
  if (second && fonts.subtitle * scale >= smallestText - 1)
    surface.text(middle, y + height / 2 + 9, second, {
      ...centered,
      size_px: fonts.subtitle,
      color: theme.dim,
    });
}

/** Around what is selected or found. */
export function drawRing({ surface, style, scale }: Drawing, { unit, x, y, width, height }: Box): void {
  if (style.selected !== unit && !style.found?.has(unit)) return;
  const gap = 3;
  const color = style.selected === unit ? style.theme.accent : style.theme.outgoing;
  const radius = unit.isModule || unit.node < 0 ? 9 : height / 2 + gap;
  surface.roundedRect(x - gap, y - gap, width + 2 * gap, height + 2 * gap, radius, {
    outline: { color, width: Math.max(2.2, 1.6 / scale) },
  });
}
