/** The words of an expression over columns of runs, each with its place. */

export type Token = { start: number; end: number } & (
  | { type: "name"; text: string }
  /** `"…"` or `'…'`: text, or a column where one stands. */
  | { type: "string"; text: string }
  /** `` `…` ``: always a column. */
  | { type: "quoted"; text: string }
  | { type: "number"; value: number }
  /** Seconds. */
  | { type: "duration"; value: number }
  /** Seconds since 1970 UTC at which a day, minute or second begins and ends, in the reader's time zone. */
  | { type: "date"; from: number; to: number }
  | { type: "sign"; text: Sign }
  | { type: "word"; text: Word }
  | { type: "end" }
);

export type Sign = "<" | "<=" | ">" | ">=" | "=" | "!=" | "~" | "!~" | "(" | ")" | "[" | "]" | ",";
export type Word = "and" | "or" | "not" | "in";

export type Reason =
  | "empty"
  | "open-string"
  | "stray"
  | "wants-operand"
  | "wants-operator"
  | "wants-close"
  | "wants-list"
  | "wants-text"
  | "unknown-column"
  | "unknown-statistic"
  | "no-date"
  | "regex"
  | "too-slow"
  | "too-deep";

/** Why a text is no expression that can be used, and the part of it at which that shows. */
export class ExpressionError extends Error {
  constructor(
    readonly reason: Reason,
    readonly start: number,
    readonly end: number,
    /** What stands there, or what a deeper engine says. */
    readonly detail = "",
  ) {
    super(`${reason} at ${start}: ${detail}`);
    this.name = "ExpressionError";
  }
}

const words: readonly string[] = ["and", "or", "not", "in"];
const sign = /<=|>=|!=|!~|==|&&|\|\||[<>=~()[\],!]/y;
/** Tags and run names are full of `/`, `.`, `-` and `:`, so these are letters; there is no arithmetic. */
const name = /[^\s<>=!~()[\],"'`&|]+/y;
const end = "(?=[\\s<>=!~()[\\],]|$)";
const number = new RegExp(`[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?(ms|s|m|min|h|d|w)?${end}`, "iy");
const date = new RegExp(`(\\d{4})-(\\d\\d)-(\\d\\d)(?:T(\\d\\d):(\\d\\d)(?::(\\d\\d))?)?${end}`, "y");

const unit_s: Record<string, number> = { ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86400, w: 604800 };
/** Signs of other languages that mean one of ours. */
const synonyms: Record<string, Sign> = { "==": "=" };
const wordSigns: Record<string, Word> = { "&&": "and", "||": "or", "!": "not" };

/** @throws ExpressionError where a quote is never closed, or a letter has no meaning. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(source);
  }

  function next(): Token {
    const start = at;
    const letter = source[at]!;
    if (letter === '"' || letter === "'" || letter === "`") {
      const text = quoted(letter);
      return { type: letter === "`" ? "quoted" : "string", text, start, end: at };
    }
    const day = take(date);
    if (day) return { type: "date", ...dateSpan(day), start, end: (at += day[0].length) };
    const digits = take(number);
    if (digits) {
      at += digits[0].length;
      const value = Number.parseFloat(digits[0]);
      const unit = digits[1]?.toLowerCase();
      if (unit === undefined) return { type: "number", value, start, end: at };
      return { type: "duration", value: value * unit_s[unit]!, start, end: at };
    }
    const signs = take(sign);
    if (signs) {
      at += signs[0].length;
      const word = wordSigns[signs[0]];
      if (word) return { type: "word", text: word, start, end: at };
      return { type: "sign", text: synonyms[signs[0]] ?? (signs[0] as Sign), start, end: at };
    }
    const letters = take(name);
    if (!letters) throw new ExpressionError("stray", start, start + 1, letter);
    at += letters[0].length;
    const lower = letters[0].toLowerCase();
    if (words.includes(lower)) return { type: "word", text: lower as Word, start, end: at };
    return { type: "name", text: letters[0], start, end: at };
  }

  /** A backslash only escapes the quote: regular expressions keep theirs. */
  function quoted(quote: string): string {
    const start = at;
    let text = "";
    for (at++; at < source.length && source[at] !== quote; at++) {
      if (source[at] === "\\" && source[at + 1] === quote) at++;
      text += source[at];
    }
    if (at >= source.length) throw new ExpressionError("open-string", start, source.length, quote);
    at++;
    return text;
  }

  for (;;) {
    while (/\s/.test(source[at] ?? "")) at++;
    if (at >= source.length) break;
    tokens.push(next());
  }
  tokens.push({ type: "end", start: source.length, end: source.length });
  return tokens;
}

/** A date as text: `2026-11-26`, with a time behind `T` or a space; null if it is none. */
export function parseDate(text: string): { from: number; to: number } | null {
  const pattern = new RegExp(date.source);
  const found = pattern.exec(text.trim().replace(" ", "T"));
  return found?.index === 0 && found[0].length === text.trim().length ? dateSpan(found) : null;
}

function dateSpan(found: RegExpExecArray): { from: number; to: number } {
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => (part ? Number(part) : 0));
  const from = new Date(year!, month! - 1, day, hour, minute, second).getTime() / 1000;
  if (found[6] !== undefined) return { from, to: from + 1 };
  if (found[4] !== undefined) return { from, to: from + 60 };
  return { from, to: new Date(year!, month! - 1, day! + 1).getTime() / 1000 };
}
