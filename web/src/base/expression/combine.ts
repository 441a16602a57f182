/** Rules made of rules, as text. */

import { parseFilter } from "./filter";
import { parseExpression } from "./parser";
import { quoteText } from "./quote";

/** What is typed into a filter, as an expression: `seed[12]` is `name ~ "seed[12]"`. @throws ExpressionError if it is none. */
export function asExpression(filter: string): string {
  return parseFilter(filter).mode === "name" ? nameMatches(filter) : filter.trim();
}

function nameMatches(regex: string): string {
  // A backslash before the closing quote would escape it.
  return `name ~ ${quoteText(regex.endsWith("\\") ? `(?:${regex})` : regex)}`;
}

/** Holds for the runs in a folder, those to come too. @param path with its `/`; `orItself`: and for the run that is called as it is. */
export function inFolder(path: string, orItself: boolean): string {
  return nameMatches(`^${escapeRegex(orItself ? path.slice(0, -1) : path)}${orItself ? "(/|$)" : ""}`);
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The opposite, without piling up `not`. */
export function negated(expression: string): string {
  const inner = /^not \((.*)\)$/s.exec(expression)?.[1];
  return inner !== undefined && isExpression(inner) ? inner : `not (${expression})`;
}

/** `not (a) and (b)` begins and ends as the opposite of something does. */
function isExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}

export function anyOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? expressions[0]! : expressions.map((each) => `(${each})`).join(" or ");
}

export function without(expression: string, other: string): string {
  return `(${expression}) and not (${other})`;
}
