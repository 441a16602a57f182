/** A cell of a column of runs as a person reads it. */

import { formatBytes, formatDuration, formatStep, formatTime, formatValue } from "./format";
import type { Cell, ColumnKind } from "./runColumn";

export function formatCell(cell: Cell, kind: ColumnKind): string {
  if (cell === null) return "";
  if (typeof cell !== "number") return String(cell);
  switch (kind) {
    case "step":
    case "count":
      return formatStep(cell);
    case "bytes":
      return formatBytes(cell);
    case "time":
      return formatTime(cell);
    case "duration":
      return formatDuration(cell);
    default:
      return formatValue(cell);
  }
}
