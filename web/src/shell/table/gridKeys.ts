/** Where keys lead in the table: a cell at a time, to the ends, and a page at a time. */

export interface GridPlace {
  /** 0 is the headings' line. */
  row: number;
  /** 0 is the name's. */
  column: number;
}

/** @returns null where the key leads nowhere in a table. */
export function gridMove(
  key: string,
  at: GridPlace,
  size: { rows: number; columns: number; page: number },
  control: boolean,
): GridPlace | null {
  const [last, end] = [size.rows - 1, size.columns - 1];
  const row = (wanted: number): GridPlace => ({ ...at, row: Math.max(0, Math.min(last, wanted)) });
  const column = (wanted: number): GridPlace => ({ ...at, column: Math.max(0, Math.min(end, wanted)) });
  switch (key) {
    case "ArrowUp":
      return row(control ? 0 : at.row - 1);
    case "ArrowDown":
      return row(control ? last : at.row + 1);
    case "ArrowLeft":
      return column(control ? 0 : at.column - 1);
    case "ArrowRight":
      return column(control ? end : at.column + 1);
    case "PageUp":
      // Not from the first runs into the headings.
      return at.row === 0 ? at : row(Math.max(1, at.row - size.page));
    case "PageDown":
      return row(at.row + size.page);
    case "Home":
      return control ? { row: Math.min(1, last), column: 0 } : column(0);
    case "End":
      return control ? { row: last, column: end } : column(end);
    default:
      return null;
  }
}
