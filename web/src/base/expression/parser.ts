/**
 * Expressions over columns of runs.
 *
 *     expression = all {"or" all};  all = single {"and" single};  single = "not" single | "(" expression ")" | comparison
 *     comparison = operand [{sign operand} | ["not"] "in" list | ("~" | "!~") text]
 *     operand    = number | duration | date | text | column;   column = name | `name` | statistic "(" name ["," number] ")"
 *
 * `0.1 < lr < 1` holds where both do. An operand alone holds where the run has something there that is not 0.
 */

import { ExpressionError, tokenize, type Sign, type Token, type Word } from "./lexer";

export interface Place {
  start: number;
  end: number;
}

export type Operand = Place &
  (
    | { type: "number"; value: number }
    | { type: "duration"; value: number }
    | { type: "date"; from: number; to: number }
    | { type: "text"; text: string }
    /** A bare word or quoted text: a column if there is one of that name, else text. */
    | { type: "name"; text: string; quoted: boolean }
    | { type: "column"; name: string; statistic: string }
  );

export type Comparison = "<" | "<=" | ">" | ">=" | "=" | "!=";

export type Node =
  | { type: "or" | "and"; items: Node[] }
  | { type: "not"; item: Node }
  | { type: "compare"; sign: Comparison; left: Operand; right: Operand }
  | { type: "match"; left: Operand; pattern: Operand & { type: "text" } }
  | { type: "in"; left: Operand; list: Operand[] }
  | { type: "has"; operand: Operand };

/** Deeper than any hand writes, and far from the end of the call stack. */
const deepest = 100;

const comparisons: readonly string[] = ["<", "<=", ">", ">=", "=", "!="];

/** @throws ExpressionError at the first place where it is none. */
export function parseExpression(source: string): Node {
  const tokens = tokenize(source);
  let index = 0;
  let depth = 0;

  const peek = (): Token => tokens[index]!;
  const isSign = (text: Sign): boolean => {
    const token = peek();
    return token.type === "sign" && token.text === text;
  };
  const isWord = (text: Word): boolean => {
    const token = peek();
    return token.type === "word" && token.text === text;
  };

  function fail(reason: ConstructorParameters<typeof ExpressionError>[0]): never {
    const { start, end } = peek();
    throw new ExpressionError(reason, start, end, source.slice(start, end));
  }

  function list(word: "or" | "and", item: () => Node): Node {
    const items = [item()];
    while (isWord(word)) {
      index++;
      items.push(item());
    }
    return items.length === 1 ? items[0]! : { type: word, items };
  }

  const expression = (): Node => list("or", () => list("and", single));

  function single(): Node {
    if (++depth > deepest) fail("too-deep");
    try {
      if (isWord("not")) {
        index++;
        return { type: "not", item: single() };
      }
      if (isSign("(")) {
        index++;
        const inner = expression();
        if (!isSign(")")) fail("wants-close");
        index++;
        return inner;
      }
      return comparison();
    } finally {
      depth--;
    }
  }

  function comparison(): Node {
    const left = operand();
    const token = peek();
    if (token.type === "sign" && (token.text === "~" || token.text === "!~")) {
      index++;
      const node: Node = { type: "match", left, pattern: text() };
      return token.text === "~" ? node : { type: "not", item: node };
    }
    if (isWord("in")) {
      index++;
      return { type: "in", left, list: operands() };
    }
    if (isWord("not") && tokens[index + 1]?.type === "word") {
      index++;
      if (!isWord("in")) fail("wants-operator");
      index++;
      return { type: "not", item: { type: "in", left, list: operands() } };
    }
    return chain(left);
  }

  function chain(first: Operand): Node {
    const items: Node[] = [];
    let left = first;
    for (let token = peek(); token.type === "sign" && comparisons.includes(token.text); token = peek()) {
      index++;
      const right = operand();
      items.push({ type: "compare", sign: token.text as Comparison, left, right });
      left = right;
    }
    if (items.length === 0) return { type: "has", operand: first };
    return items.length === 1 ? items[0]! : { type: "and", items };
  }

  function text(): Operand & { type: "text" } {
    const token = peek();
    if (token.type !== "string" && token.type !== "name") fail("wants-text");
    index++;
    return { type: "text", text: token.text, start: token.start, end: token.end };
  }

  function operands(): Operand[] {
    const close: Sign | null = isSign("[") ? "]" : isSign("(") ? ")" : null;
    if (close === null) fail("wants-list");
    index++;
    const found: Operand[] = [];
    while (!isSign(close)) {
      found.push(operand());
      if (isSign(",")) index++;
      else if (!isSign(close)) fail("wants-close");
    }
    index++;
    return found;
  }

  function operand(): Operand {
    const token = peek();
    const { start, end } = token;
    switch (token.type) {
      case "number":
      case "duration":
      case "date":
        index++;
        return token;
      case "string":
        index++;
        return { type: "name", text: token.text, quoted: true, start, end };
      case "quoted":
        index++;
        return { type: "column", name: token.text, statistic: "", start, end };
      case "name": {
        index++;
        return isSign("(")
          ? call(token.text, start)
          : { type: "name", text: token.text, quoted: false, start, end };
      }
      default:
        return fail(source.trim() === "" ? "empty" : "wants-operand");
    }
  }

  /** `min(val/acc)`, `at(val/acc, 1000)`. */
  function call(statistic: string, start: number): Operand {
    index++;
    const token = peek();
    if (token.type !== "name" && token.type !== "string" && token.type !== "quoted") fail("wants-operand");
    index++;
    let argument = "";
    if (isSign(",")) {
      index++;
      const found = peek();
      if (found.type !== "number") fail("wants-operand");
      argument = `=${found.value}`;
      index++;
    }
    if (!isSign(")")) fail("wants-close");
    const { end } = peek();
    index++;
    return { type: "column", name: token.text, statistic: statistic + argument, start, end };
  }

  const tree = expression();
  if (peek().type !== "end") fail(isSign(")") ? "stray" : "wants-operator");
  return tree;
}
