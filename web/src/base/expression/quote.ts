/** How names and text stand in an expression. */

import { tokenize } from "./lexer";

/** A column's name as it may be written: bare where that is one word, else between backticks. */
export function quoteName(name: string): string {
  return isBare(name) ? name : `\`${name.replaceAll("`", "\\`")}\``;
}

/** A value: bare where that means the same, else between quotes. */
export function quoteText(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

function isBare(name: string): boolean {
  try {
    const tokens = tokenize(name);
    return tokens.length === 2 && tokens[0]!.type === "name" && tokens[0]!.text === name;
  } catch {
    return false;
  }
}
