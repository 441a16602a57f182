/** What a person types to filter runs by: part of a name, a regular expression over names, or an expression over columns. */

import { parseExpression, type Node } from "./parser";

export type FilterMode = "none" | "name" | "expression";

export interface ParsedFilter {
  mode: FilterMode;
  /** Null where nothing is filtered. */
  node: Node | null;
}

/** Beginnings of a regular expression's groups, whose signs compare nothing. */
const groups = /\(\?(?:<?[=!]|<\w*>?|:)/g;

/** Signs that stand in no name that people give, and in few regular expressions. `lr=0.1` is part of a name; `lr = 0.1` compares. */
const signs = /[<>]|!=|==|!?~|\s=|=\s|=["'`]|\bin\s*[[(]|^\s*not\s|\s(?:and|or)\s+not\s/i;

/** @throws ExpressionError where it looks like an expression and is none. */
export function parseFilter(text: string): ParsedFilter {
  if (text.trim() === "") return { mode: "none", node: null };
  if (signs.test(text.replace(groups, ""))) return { mode: "expression", node: parseExpression(text) };
  const place = { start: 0, end: text.length };
  const left = { type: "column", name: "run:name", statistic: "", ...place } as const;
  return { mode: "name", node: { type: "match", left, pattern: { type: "text", text, ...place } } };
}
