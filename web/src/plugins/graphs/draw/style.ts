/** How a graph is drawn: everything but the diagram itself. */

import type { Surface } from "../../../charts/surface";
import type { Unit } from "../model/tree";
import type { BoxColors } from "./colors";
import type { Measure } from "./measure";
import type { GraphTheme } from "./theme";

export interface GraphStyle {
  theme: GraphTheme;
  colors: (unit: Unit) => BoxColors;
  measure: Measure;
  selected: Unit | null;
  hovered: Unit | null;
  /** Units that a search found; null: nothing is searched. */
  found: ReadonlySet<Unit> | null;
  /** Shown units on the traced paths; everything else is dimmed. Null: nothing is traced. */
  traced: ReadonlySet<Unit> | null;
  /** Boxes alone, for the minimap. */
  plain?: boolean;
}

/** What each part is drawn with. */
export interface Drawing {
  /** In the diagram's own coordinates. */
  surface: Surface;
  style: GraphStyle;
  /** Screen px per px of the diagram. */
  scale: number;
}

/** Smallest text that is drawn, in px on the screen. */
export const smallestText = 6;

export function scopeFill(theme: GraphTheme, scope: Unit): string {
  return theme.scopes[Math.min(scope.depth, theme.scopes.length) - 1]!;
}
