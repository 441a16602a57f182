/**
 * Reads a regular expression as ECMAScript writes them (flag `i`, the web's leniencies of Annex B) into a tree.
 *
 * What matches a single character (a letter, `\d`, `[^a-z]`) is not read further: it is kept as written and given to the browser's own
 * engine, one character at a time, so classes, escapes and letter case mean exactly what they mean everywhere.
 *
 * **Source**: ECMA-262, section 22.2.1 and B.1.2.
 */

export type Node =
  | { type: "character"; source: string }
  | { type: "sequence"; items: Node[] }
  | { type: "choice"; items: Node[] }
  /** `most` may be Infinity; a lazy one tries fewer first. */
  | { type: "repeat"; item: Node; least: number; most: number; lazy: boolean }
  /** `index` counts from 0 in the order of the opening parentheses. */
  | { type: "capture"; item: Node; index: number; name: string | null }
  | { type: "assertion"; kind: "start" | "end" | "word" | "no-word" }
  | { type: "look"; item: Node; ahead: boolean; negative: boolean };

export type Reason =
  | "open-group"
  | "open-class"
  | "extra-close"
  | "nothing-to-repeat"
  | "repeat-order"
  | "end-of-escape"
  | "reference"
  | "group-kind"
  | "too-large"
  | "too-slow"
  | "other";

/** Why a text is no regular expression that can be used here, and the index at which that shows. */
export class RegexError extends Error {
  constructor(
    readonly reason: Reason,
    readonly at: number,
  ) {
    super(`${reason} at ${at}`);
    this.name = "RegexError";
  }
}

const look = /\(\?(<?)([=!])/y;
const group = /\((?:(\?:)|\?<([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)>)?/uy;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const escape = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[0-3][0-7]{0,2}|[4-7][0-7]?|[^])/iy;
const characterClass = /\[(?:\\[^]|[^\]\\])*\]/y;

/** Deeper than any hand writes, and far from the end of the call stack. */
const deepest = 100;

export function parse(source: string): Node {
  let at = 0;
  let depth = 0;
  let captures = 0;
  const groups = source.match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0;

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) at += found[0].length;
    return found;
  }

  function choice(): Node {
    const items = [sequence()];
    while (source[at] === "|") {
      at++;
      items.push(sequence());
    }
    return items.length === 1 ? items[0]! : { type: "choice", items };
  }

  function sequence(): Node {
    const items: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") items.push(term());
    return items.length === 1 ? items[0]! : { type: "sequence", items };
  }

  function term(): Node {
    const begin = at;
    if (take(quantifier)) throw new RegexError("nothing-to-repeat", begin);
    const item = atom();
    const from = at;
    const found = take(quantifier);
    if (!found) return item;
    // Only a look ahead may be repeated, for the web's sake.
    if (item.type === "assertion" || (item.type === "look" && !item.ahead))
      throw new RegexError("nothing-to-repeat", from);
    const least = found[1] ? (found[1] === "+" ? 1 : 0) : Number(found[2]);
    const most = found[1]
      ? found[1] === "?"
        ? 1
        : Infinity
      : found[3]
        ? Number(found[4] || Infinity)
        : least;
    if (most < least) throw new RegexError("repeat-order", from);
    return { type: "repeat", item, least, most, lazy: found[0].endsWith("?") && found[0] !== "?" };
  }

  function atom(): Node {
    const begin = at;
    const letter = source[at]!;
    if (letter === "^" || letter === "$") {
      at++;
      return { type: "assertion", kind: letter === "^" ? "start" : "end" };
    }
    if (letter === "(") return parenthesis(begin);
    if (letter === "[") {
      if (!take(characterClass)) throw new RegexError("open-class", begin);
    } else if (letter === "\\") {
      if (source.startsWith("\\b", at) || source.startsWith("\\B", at)) {
        at += 2;
        return { type: "assertion", kind: source[at - 1] === "b" ? "word" : "no-word" };
      }
      const number = /\\([1-9]\d*)/y;
      number.lastIndex = at;
      if (Number(number.exec(source)?.[1] ?? Infinity) <= groups) throw new RegexError("reference", begin);
      if (source.startsWith("\\k<", at) && source.includes("(?<")) throw new RegexError("reference", begin);
      if (!take(escape)) throw new RegexError("end-of-escape", begin);
    } else at++;
    return { type: "character", source: source.slice(begin, at) };
  }

  function parenthesis(begin: number): Node {
    const kind = take(look);
    const opened = kind ? null : take(group);
    if (!kind && !opened) throw new RegexError("group-kind", begin);
    if (!kind && source[at] === "?" && source[at - 1] === "(") throw new RegexError("group-kind", begin);
    if (++depth > deepest) throw new RegexError("too-large", begin);
    const index = opened && !opened[1] ? captures++ : -1;
    const item = choice();
    depth--;
    if (source[at] !== ")") throw new RegexError("open-group", begin);
    at++;
    if (kind) return { type: "look", item, ahead: kind[1] === "", negative: kind[2] === "!" };
    if (index >= 0) return { type: "capture", item, index, name: opened?.[2] ?? null };
    // Still a group: `(?:^)*` may stand where `^*` may not.
    return { type: "sequence", items: [item] };
  }

  const tree = choice();
  if (at < source.length) throw new RegexError("extra-close", at);
  return tree;
}
