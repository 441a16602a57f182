/** Which rows an expression holds for. */

import { naturalCompare } from "../natural";
import { matcher } from "../pattern";
import { mostWork, type Budget } from "../regex/match";
import { RegexError } from "../regex/parse";
import type { Cell, ColumnKind } from "../runColumn";
import { ExpressionError, parseDate } from "./lexer";
import type { Comparison, Node, Operand } from "./parser";

/** What an expression is asked about. */
export interface Columns {
  /** The id of a column that a person calls `name` or writes as `statistic(name)`; null if there is none. */
  resolve(name: string, statistic: string): string | null;
  kind(id: string): ColumnKind;
  /** A cell for each row. */
  cells(id: string): readonly Cell[];
  /** Seconds since 1970 from which `seen < 10m` counts back. */
  now: number;
}

export interface Evaluation {
  /** Ids of the columns that it reads. */
  columns: readonly string[];
  /** 1 for each row that it holds for. @throws ExpressionError if a regular expression in it takes too long. */
  rows(count: number): Uint8Array;
}

type Test = (row: number) => boolean;
type Value = (row: number) => Cell;

/**
 * Binds an expression to columns.
 *
 * @throws ExpressionError at a name, date or regular expression that is none.
 */
export function bind(node: Node, columns: Columns): Evaluation {
  const used = new Set<string>();
  const budget: Budget = { left: 0 };

  function idOf(operand: Operand): string | null {
    if (operand.type === "column") {
      const id = columns.resolve(operand.name, operand.statistic);
      if (id !== null) return id;
      const known = columns.resolve(operand.name, "") !== null;
      const detail = known ? operand.statistic.replace(/=.*/, "") : operand.name;
      throw new ExpressionError(
        known ? "unknown-statistic" : "unknown-column",
        operand.start,
        operand.end,
        detail,
      );
    }
    return operand.type === "name" ? columns.resolve(operand.text, "") : null;
  }

  function read(id: string): Value {
    used.add(id);
    // Asked for once for each evaluation: the array is the column's own.
    let cells: readonly Cell[] | null = null;
    begin.push(() => (cells = columns.cells(id)));
    return (row) => cells![row] ?? null;
  }
  const begin: (() => void)[] = [];

  function unknown(operand: Operand): never {
    const detail = String(literalOf(operand));
    throw new ExpressionError("unknown-column", operand.start, operand.end, detail);
  }

  function test(item: Node): Test {
    switch (item.type) {
      case "or": {
        const tests = item.items.map(test);
        return (row) => tests.some((holds) => holds(row));
      }
      case "and": {
        const tests = item.items.map(test);
        return (row) => tests.every((holds) => holds(row));
      }
      case "not": {
        const holds = test(item.item);
        return (row) => !holds(row);
      }
      case "has": {
        const value = read(idOf(item.operand) ?? unknown(item.operand));
        return (row) => isTrue(value(row));
      }
      case "match":
        return match(item);
      case "in": {
        const tests = item.list.map((right) => compare("=", item.left, right));
        return (row) => tests.some((holds) => holds(row));
      }
      case "compare":
        return compare(item.sign, item.left, item.right);
    }
  }

  function match({ left, pattern }: Extract<Node, { type: "match" }>): Test {
    const value = read(idOf(left) ?? unknown(left));
    let found: (text: string) => boolean;
    try {
      found = matcher(pattern.text, budget);
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      // Quotes belong to the expression, not to the regular one in it.
      const start = pattern.start + Math.ceil((pattern.end - pattern.start - pattern.text.length) / 2);
      throw new ExpressionError(
        "regex",
        start + error.at,
        Math.max(start + error.at + 1, pattern.end),
        error.reason,
      );
    }
    return (row) => {
      const cell = value(row);
      if (cell === null) return false;
      try {
        return found(String(cell));
      } catch (error) {
        if (!(error instanceof RegexError)) throw error;
        throw new ExpressionError("too-slow", pattern.start, pattern.end, pattern.text);
      }
    };
  }

  function compare(sign: Comparison, left: Operand, right: Operand): Test {
    const leftId = idOf(left);
    const rightId = idOf(right);
    if (leftId === null && rightId === null)
      return unknown(right.type === "name" && !right.quoted && left.type !== "name" ? right : left);
    // The column to the left: `0.1 < lr` is `lr > 0.1`.
    if (leftId === null) return compare(mirrored[sign], right, left);
    // Quoted text to the right is text, whatever columns there are.
    const isColumn = rightId !== null && !(right.type === "name" && right.quoted);
    const value = read(leftId);
    if (isColumn) {
      const other = read(rightId);
      return (row) => holds(sign, value(row), other(row));
    }
    const kind = columns.kind(leftId);
    if (kind === "time") return compareTime(sign, value, right);
    const literal = literalOf(right);
    if (typeof literal === "string" && kind !== "text" && sign !== "=" && sign !== "!=")
      return unknown(right);
    return (row) => holds(sign, value(row), literal);
  }

  function compareTime(sign: Comparison, value: Value, right: Operand): Test {
    if (right.type === "duration") {
      const then = columns.now - right.value;
      // A small age is a late time.
      return (row) => holds(mirrored[sign], value(row), then);
    }
    const span = right.type === "date" ? right : right.type === "name" ? parseDate(right.text) : null;
    const literal = span ? null : literalOf(right);
    if (!span && typeof literal === "string")
      throw new ExpressionError("no-date", right.start, right.end, literal);
    if (!span) return (row) => holds(sign, value(row), literal);
    const { from, to } = span;
    return (row) => {
      const cell = value(row);
      if (typeof cell !== "number") return sign === "!=";
      return inSpan(sign, cell, from, to);
    };
  }

  const holdsFor = test(node);
  return {
    columns: [...used],
    rows(count) {
      budget.left = mostWork;
      for (const prepare of begin) prepare();
      const rows = new Uint8Array(count);
      for (let row = 0; row < count; row++) rows[row] = Number(holdsFor(row));
      return rows;
    },
  };
}

const mirrored: Record<Comparison, Comparison> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
  "!=": "!=",
};

/** Words that are no text. */
const words: Record<string, Cell> = {
  none: null,
  nan: NaN,
  inf: Infinity,
  "-inf": -Infinity,
  true: true,
  false: false,
};

function literalOf(operand: Operand): Cell {
  switch (operand.type) {
    case "number":
    case "duration":
      return operand.value;
    case "date":
      return operand.from;
    case "text":
      return operand.text;
    case "name": {
      const word = operand.text.toLowerCase();
      return !operand.quoted && Object.hasOwn(words, word) ? words[word]! : operand.text;
    }
    case "column":
      return operand.name;
  }
}

function isTrue(cell: Cell): boolean {
  if (typeof cell === "number") return cell !== 0;
  return cell !== null && cell !== false && cell !== "";
}

/** @returns whether a time lies so to a day or minute as a whole. */
function inSpan(sign: Comparison, time: number, from: number, to: number): boolean {
  switch (sign) {
    case "=":
      return time >= from && time < to;
    case "!=":
      return time < from || time >= to;
    case "<":
      return time < from;
    case "<=":
      return time < to;
    case ">":
      return time >= to;
    case ">=":
      return time >= from;
  }
}

/** Nothing is smaller or larger than what is missing or of another kind; `!=` is the opposite of `=`. */
function holds(sign: Comparison, left: Cell, right: Cell): boolean {
  if (sign === "=") return isEqual(left, right);
  if (sign === "!=") return !isEqual(left, right);
  if (left === null || right === null) return false;
  let order: number;
  if (typeof left === "string" && typeof right === "string") order = naturalCompare(left, right);
  else if (typeof left === "string" || typeof right === "string") return false;
  else order = Number(left) - Number(right) || (left === right ? 0 : NaN);
  if (Number(left) === Number(right) && typeof left !== "string") order = 0;
  if (sign === "<") return order < 0;
  if (sign === ">") return order > 0;
  return sign === "<=" ? order <= 0 : order >= 0;
}

/** `true` is 1, as torch logs it; a float32 equals the decimal that it was made of; text equals the number that it writes. */
function isEqual(left: Cell, right: Cell): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === "string" || typeof right === "string") {
    if (typeof left === typeof right) return left === right;
    const [text, number] = typeof left === "string" ? [left, right] : [right as string, left];
    if (typeof number === "boolean") return text.toLowerCase() === String(number);
    return text.trim() !== "" && Number(text) === number;
  }
  const [a, b] = [Number(left), Number(right)];
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.fround(b) === a || Math.fround(a) === b;
}
