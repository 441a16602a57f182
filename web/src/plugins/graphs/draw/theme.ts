/** The page's colours as the graph's canvases and files need them. */

import { mix, parseColor, toCss } from "../../../base/color";
import { chartTheme, cssVariables, type ChartTheme } from "../../../charts/theme";

export interface GraphTheme extends ChartTheme {
  /** Of edges, and of those into and out of what is selected. */
  wire: string;
  incoming: string;
  outgoing: string;
  /** Fills of open scopes by depth; the deepest for all below. */
  scopes: readonly string[];
  scopeBorder: string;
}

/** Depths of nesting that can be told apart by their fill. */
const scopeDepths = 4;

/** Reads the variables in force at `element`. Ask again when the theme changes. */
export function graphTheme(element: Element): GraphTheme {
  const variable = cssVariables(element);
  const theme = chartTheme(element);
  const [surface, scope] = [parseColor(theme.background), parseColor(variable("--scope"))];
  return {
    ...theme,
    background: variable("--background"),
    wire: variable("--wire"),
    incoming: variable("--incoming"),
    outgoing: variable("--outgoing"),
    scopes: Array.from({ length: scopeDepths }, (_, i) => toCss(mix(surface, scope, (i + 1) / scopeDepths))),
    scopeBorder: variable("--scope-border"),
  };
}
