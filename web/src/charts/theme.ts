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

/** Reads the variables in force at `element`. Ask again when the theme changes. */
export function chartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: variable("--text"),
    dim: variable("--text-dim"),
    faint: variable("--text-faint"),
    grid: variable("--grid"),
    axis: variable("--axis"),
    background: variable("--surface"),
    accent: variable("--accent"),
    font: style.fontFamily || "sans-serif",
  };
}
