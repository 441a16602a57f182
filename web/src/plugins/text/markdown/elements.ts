/**
 * Which tags within Markdown are HTML. Logs are full of text that only looks like it (`<s>`, `a<b and c>d`, `<mask>`, `List<int>`), so a
 * tag counts only as part of a whole, well-formed element of the list: with its partner, in its place, its attributes in quotes. All
 * else is text, shown as it was logged.
 */

import type { Token, Tokens } from "marked";

const phrasing = "a abbr b code del em i ins kbd mark samp small span strong sub sup u var";
const blocks =
  "blockquote dd details div dl dt h1 h2 h3 h4 h5 h6 li ol p pre summary table tbody td tfoot th thead tr ul";
const voids = "br hr img";

/** Names of elements that may be shown. `s` and `q` are not among them: in logs they are special tokens of language models. */
export const elements: readonly string[] = `${phrasing} ${blocks} ${voids}`.split(" ");
/** Attributes that are kept; others are dropped before a browser's parser sees them. */
export const attributes = [
  "href",
  "src",
  "alt",
  "title",
  "align",
  "start",
  "value",
  "colspan",
  "rowspan",
  "open",
];

const known = new Set(elements);
/** Elements that stand on lines of their own. */
export const isBlock: ReadonlySet<string> = new Set(["hr", ...blocks.split(" ")]);
const isVoid = new Set(voids.split(" "));
const tables = ["table"];
const parts = ["table", "thead", "tbody", "tfoot"];
/** Elements that an HTML parser drops, or takes for something else, outside of these. */
const parents: Partial<Record<string, readonly string[]>> = {
  summary: ["details"],
  li: ["ul", "ol"],
  dt: ["dl"],
  dd: ["dl"],
  thead: tables,
  tbody: tables,
  tfoot: tables,
  tr: parts,
  td: ["tr"],
  th: ["tr"],
};

/** Addresses that may be followed: only those that name their place in full. */
export const followed = /^(?:https?:\/\/|mailto:)/i;
/** Images that lie in the text itself. */
export const embedded = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;

/** Whether an image is in the text, or its address names another host. */
export function isImageAddress(address: string): boolean {
  return embedded.test(address) || /^https?:\/\//i.test(address);
}

const tagPattern =
  /^<(\/?)([a-z][a-z0-9]*)((?:\s+(?:[a-z][a-z-]*\s*=\s*(?:"[^"<>]*"|'[^'<>]*')|open))*)\s*(\/?)>/i;
const attributePattern = /([a-z][a-z-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/gi;

/** A tag that may be part of an element. */
export interface TagToken extends Tokens.Generic {
  type: "html";
  name: string;
  closes: boolean;
  attributes: ReadonlyMap<string, string>;
  /** The element that it begins or ends; null: it is text. */
  element: Element | null;
}

interface Element {
  name: string;
  parent: Element | null;
  /** The list of tokens that its first tag stands in. */
  place: readonly Token[];
  whole: boolean;
  hasSummary: boolean;
}

/** The tag at the beginning of `source`, if it is well formed and of the list. */
export function readTag(source: string): TagToken | undefined {
  const [raw, slash, given, rest, selfClosing] = tagPattern.exec(source) ?? [];
  const name = given?.toLowerCase();
  if (raw === undefined || !name || !known.has(name)) return undefined;
  const closes = slash === "/";
  if (closes ? rest || selfClosing || isVoid.has(name) : selfClosing && !isVoid.has(name)) return undefined;
  const found = new Map<string, string>();
  for (const [, key, double, single] of rest!.matchAll(attributePattern)) {
    found.set(key!.toLowerCase(), double ?? single ?? "");
  }
  return { type: "html", raw, text: raw, name, closes, attributes: found, element: null };
}

/** Whether a tag is HTML; known after `matchTags`. */
export function isHtml(tag: TagToken): boolean {
  if (tag.name === "img") return isImageAddress(tag.attributes.get("src") ?? "");
  return isVoid.has(tag.name) || (tag.element !== null && isShown(tag.element));
}

/** The tag with the attributes that are kept. */
export function tagHtml(tag: TagToken): string {
  if (tag.closes) return `</${tag.name}>`;
  const kept = [...tag.attributes].filter(([key]) => attributes.includes(key));
  return `<${tag.name}${kept.map(([key, value]) => ` ${key}="${value.replaceAll('"', "&quot;")}"`).join("")}>`;
}

function isShown({ name, parent, whole, hasSummary }: Element): boolean {
  if (!whole || (name === "details" && !hasSummary)) return false;
  const wanted = parents[name];
  return !wanted || (parent !== null && wanted.includes(parent.name) && isShown(parent));
}

/**
 * Finds the partners of all tags. A phrasing element begins and ends among the same inline tokens; another one may hold whole paragraphs.
 *
 * @param depth elements that may be open at once.
 * @throws RangeError where there are more.
 */
export function matchTags(tokens: readonly Token[], depth: number): void {
  const open = new OpenElements(depth);
  for (const token of tokens) {
    if (token.type === "paragraph" || token.type === "text") matchInline(childrenOf(token), open, depth);
    else if (token.type === "list")
      for (const item of (token as Tokens.List).items) matchTags(item.tokens, depth);
    else if (token.type === "blockquote") matchTags(childrenOf(token), depth);
    else if (token.type === "table") {
      const { header, rows } = token as Tokens.Table;
      for (const cell of [header, ...rows].flat()) matchInline(cell.tokens, new OpenElements(depth), depth);
    } else matchInline(childrenOf(token), new OpenElements(depth), depth);
  }
}

function matchInline(tokens: readonly Token[], open: OpenElements, depth: number): void {
  for (const token of tokens) {
    if (isTag(token)) open.take(token, tokens);
    else matchInline(childrenOf(token), new OpenElements(depth), depth);
  }
  open.leave(tokens);
}

function isTag(token: Token): token is TagToken {
  return token.type === "html";
}

function childrenOf(token: Token): readonly Token[] {
  return ("tokens" in token && token.tokens) || [];
}

/** Elements whose second tag did not come yet, the innermost last. */
class OpenElements {
  #elements: Element[] = [];
  /** How many of each name are open, so that a tag without a partner costs no search. */
  #counts = new Map<string, number>();

  constructor(readonly depth: number) {}

  take(tag: TagToken, place: readonly Token[]): void {
    if (isVoid.has(tag.name)) return;
    if (tag.closes) return this.#close(tag);
    if (tag.name === "a" && !followed.test(tag.attributes.get("href") ?? "")) return;
    if (this.#elements.length >= this.depth)
      throw new RangeError(`more than ${this.depth} elements are open`);
    const parent = this.#elements.at(-1) ?? null;
    tag.element = { name: tag.name, parent, place, whole: false, hasSummary: false };
    this.#elements.push(tag.element);
    this.#count(tag.name, 1);
  }

  /** Phrasing elements end where their inline tokens do. */
  leave(place: readonly Token[]): void {
    const staying = this.#elements.filter((one) => one.place !== place || isBlock.has(one.name));
    if (staying.length === this.#elements.length) return;
    for (const one of this.#elements) if (!staying.includes(one)) this.#count(one.name, -1);
    this.#elements = staying;
  }

  /** An element that holds a tag without partner is not well formed: with it, all that began since is text. */
  #close(tag: TagToken): void {
    if (!this.#counts.get(tag.name)) return;
    const innermost = this.#elements.at(-1)!;
    for (let last; last?.name !== tag.name;) {
      last = this.#elements.pop()!;
      this.#count(last.name, -1);
    }
    if (innermost.name !== tag.name) return;
    innermost.whole = true;
    if (tag.name === "summary" && innermost.parent) innermost.parent.hasSummary = true;
    tag.element = innermost;
  }

  #count(name: string, by: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }
}
