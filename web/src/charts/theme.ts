/** The page's colours as a canvas needs them: read from the CSS variables, so there is one palette. */
export interface ChartTheme {
  text: string;
  dim: string;
  faint: string;
  grid: string;
  axis: string;
  background: string;
  accent: string;
  /** A CSS font-family list. */
  font: string;
}

/** The CSS variables in force at `element`, by name. */
export function cssVariables(element: Element): (name: `--${string}`) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

/** Reads the variables in force at `element`. Ask again when the theme changes. */
export function chartTheme(element: Element): ChartTheme {
  const variable = cssVariables(element);
  return {
    text: variable("--text"),
    dim: variable("--text-dim"),
    faint: variable("--text-faint"),
    grid: variable("--grid"),
    axis: variable("--axis"),
    background: variable("--surface"),
    accent: variable("--accent"),
    font: getComputedStyle(element).fontFamily || "sans-serif",
  };
}
