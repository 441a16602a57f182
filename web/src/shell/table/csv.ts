/** A table as comma-separated values (RFC 4180). */

import type { Cell, ColumnKind } from "../../base/runColumn";
import { isDate } from "../../base/format";

export interface CsvColumn {
  heading: string;
  kind: ColumnKind;
  cells: readonly Cell[];
}

/** Rows in this order, under a line of headings. */
export function toCsv(columns: readonly CsvColumn[], rows: Iterable<number>): string {
  const lines = [columns.map(({ heading }) => textField(heading)).join(",")];
  for (const row of rows)
    lines.push(columns.map(({ cells, kind }) => field(cells[row] ?? null, kind)).join(","));
  return lines.join("\r\n") + "\r\n";
}

/** Numbers with all of their digits, as Python and JavaScript read them; times in UTC to the microsecond; nothing for nothing. */
function field(cell: Cell, kind: ColumnKind): string {
  if (cell === null) return "";
  if (typeof cell === "string") return textField(cell);
  return kind === "time" && typeof cell === "number" && isDate(cell) ? isoTime(cell) : String(cell);
}

/** ECMAScript's dates end at milliseconds, and a wall time is exact to a microsecond. */
function isoTime(wallTime: number): string {
  const seconds = Math.floor(wallTime);
  const micros = Math.round((wallTime - seconds) * 1e6);
  const whole = new Date((seconds + Math.floor(micros / 1e6)) * 1000).toISOString().slice(0, -".000Z".length);
  return `${whole}.${String(micros % 1e6).padStart(6, "0")}Z`;
}

/**
 * What a spreadsheet takes for a formula, run names and hyperparameters among it, is marked as text by an apostrophe before it.
 *
 * **Source**: OWASP, "CSV Injection".
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u;

function textField(text: string): string {
  // A number below zero is a number.
  const safe = formula.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
