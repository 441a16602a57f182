/** What may be written next at a place of an expression. */

import { ExpressionError, tokenize, type Token } from "./lexer";
import type { ColumnInfo } from "../runColumn";
import { quoteText } from "./quote";

export interface Completion {
  /** Replaces what stands between `from` and the place. */
  text: string;
  kind: "column" | "statistic" | "operator" | "value";
  /** Of a column: what it is called. */
  title?: string;
}

export interface Vocabulary {
  columns: readonly ColumnInfo[];
  statistics: readonly string[];
  /** Distinct texts of a column that an expression calls so; empty for numbers. */
  values: (reference: string) => readonly string[];
}

type Wanted = "operand" | "operator" | "value" | "list" | "argument" | "joint" | "nothing";

const most = 60;
const operators = ["<", ">", "<=", ">=", "=", "!=", "~", "in ["];
const joints = ["and ", "or "];

/** @param at the place of the caret in `source`. */
export function complete(
  source: string,
  at: number,
  vocabulary: Vocabulary,
): { from: number; options: Completion[] } {
  const { tokens, from, typed } = before(source.slice(0, at));
  const { wanted, column } = walk(tokens);
  const options = offer(wanted, column, vocabulary);
  const lower = typed.toLowerCase().replace(/^["'`]/, "");
  const rank = ({ text, title }: Completion): number => {
    const [name, other] = [text.toLowerCase().replace(/^["'`]/, ""), title?.toLowerCase() ?? ""];
    return name.startsWith(lower) ? 0 : name.includes(lower) || other.includes(lower) ? 1 : 2;
  };
  const found = options
    .map((option) => ({ option, rank: rank(option) }))
    .filter(({ option, rank }) => rank < 2 && option.text.trim() !== typed);
  found.sort((a, b) => a.rank - b.rank);
  return { from, options: found.slice(0, most).map(({ option }) => option) };
}

/** What a value at this place is compared with, as an expression calls it; empty where none is wanted. */
export function comparedColumn(source: string, at: number): string {
  const { wanted, column } = walk(before(source.slice(0, at)).tokens);
  return wanted === "value" ? column : "";
}

/** A text with a completion in its place, and where the caret goes. */
export function insertCompletion(
  source: string,
  at: number,
  from: number,
  { text, kind }: Completion,
): { text: string; at: number } {
  const head = source.slice(0, from);
  const rest = source.slice(at);
  const argument = kind === "column" && /[^\s(]\($/.test(head) && !rest.startsWith(")");
  // Another word follows, but for what stands before a parenthesis or in a list.
  const space = /[([\s]$/.test(text) || rest.startsWith(" ") || rest.startsWith(")") ? "" : " ";
  const written = head + text + (argument ? ")" : "") + space;
  return { text: written + rest, at: written.length };
}

/** The whole words before the caret, and the one that is being written. */
function before(text: string): { tokens: Token[]; from: number; typed: string } {
  try {
    const tokens = tokenize(text).slice(0, -1);
    const last = tokens.at(-1);
    const open = last?.end === text.length && ["name", "word", "number"].includes(last.type);
    if (!open) return { tokens, from: text.length, typed: "" };
    return { tokens: tokens.slice(0, -1), from: last.start, typed: text.slice(last.start) };
  } catch (error) {
    // A quote that is still open.
    if (!(error instanceof ExpressionError) || error.reason !== "open-string") throw error;
    const { tokens } = before(text.slice(0, error.start));
    return { tokens, from: error.start, typed: text.slice(error.start) };
  }
}

/** What is wanted behind these words, and the column that a value there is compared with. */
function walk(tokens: readonly Token[]): { wanted: Wanted; column: string } {
  let wanted: Wanted = "operand";
  let column = "";
  tokens.forEach((token, index) => {
    if (token.type === "word") {
      wanted =
        token.text === "in" ? "list" : token.text === "not" && wanted === "operator" ? "operator" : "operand";
    } else if (token.type === "sign") {
      wanted = afterSign(token.text, wanted, tokens[index - 1]);
    } else if (wanted === "operand" || wanted === "argument") {
      if (token.type === "name" || token.type === "quoted" || token.type === "string") column = token.text;
      wanted = wanted === "argument" ? "nothing" : "operator";
    } else if (wanted === "value") wanted = "joint";
  });
  return { wanted, column };
}

function afterSign(sign: string, wanted: Wanted, previous: Token | undefined): Wanted {
  if (sign === "(") return previous?.type === "name" ? "argument" : wanted === "list" ? "value" : "operand";
  if (sign === ")") return wanted === "nothing" || wanted === "argument" ? "operator" : "joint";
  if (sign === "[" || sign === ",") return wanted === "nothing" ? "nothing" : "value";
  if (sign === "]") return "joint";
  return sign === "~" || sign === "!~" ? "nothing" : "value";
}

function offer(wanted: Wanted, column: string, { columns, statistics, values }: Vocabulary): Completion[] {
  const named = (): Completion[] =>
    columns.map(({ reference, title }) => ({ text: reference, kind: "column", title }));
  const all = (texts: readonly string[], kind: Completion["kind"]): Completion[] =>
    texts.map((text) => ({ text, kind }));
  switch (wanted) {
    case "operand":
      return [
        ...named(),
        ...all(
          statistics.map((name) => `${name}(`),
          "statistic",
        ),
        ...all(["not "], "operator"),
      ];
    case "argument":
      return named();
    case "operator":
      return all([...operators, ...joints], "operator");
    case "value": {
      const texts = values(column);
      return texts.length > 0 ? all(texts.map(quoteText), "value") : all(["none", "nan", "inf"], "value");
    }
    case "list":
      return all(["["], "operator");
    case "joint":
      return all(joints, "operator");
    case "nothing":
      return [];
  }
}
