/** Names of one list in little room: cut so that no two look alike. */

import { distinctParts } from "./names";

/** A piece of a shortened name. A `gap` stands for what was left out. */
export interface LabelPart {
  text: string;
  /** `shared`: all names have the same here, so it may be dimmed. */
  kind: "own" | "shared" | "gap" | "number";
}

/** Width of a text, in px. */
export type Measure = (text: string) => number;

interface Piece {
  text: string;
  shared: boolean;
  /** Some other name is the same up to here and differs in it. */
  telling: boolean;
}

const gap = "…";
/** Words, numbers and what separates them; a long word is cut where it must be. */
const words = /\d+(?:\.\d+)?(?:e[+-]?\d+)?|[^\d/_\-=.,:\s]+|[/_\-=.,:\s]+/giu;
const separator = /^[/_\-=.,:\s]+$/u;
const longestPiece = 8;

/**
 * The names that stand beside one another: runs of a folder, folders of a folder.
 *
 * @example
 * const names = new SiblingNames(["trial_000_lr6.09e-05_seed0", "trial_001_lr6.09e-05_seed0"]);
 * names.label(names.all[0], 90, measure) // "…000…seed0": what tells it from the others, then as much of the rest as there is room for
 */
export class SiblingNames {
  readonly all: readonly string[];
  #parts: ReturnType<typeof distinctParts> | null = null;
  #order: Order | null = null;
  #looks: ReadonlyMap<string, number> | null = null;
  #pieces = new Map<string, readonly Piece[]>();

  constructor(names: readonly string[]) {
    this.all = names;
  }

  /**
   * One of the names in so many px. What tells it from the others comes first, then its end, then what else it has of its own, then what all
   * share. Where there is no room even for the first, its number in the list stands behind it.
   */
  label(name: string, room_px: number, measure: Measure): readonly LabelPart[] {
    const pieces = this.#piecesOf(name);
    const twins = this.#isTwin(name);
    if (!twins && measure(name) <= room_px)
      return merged(
        pieces,
        pieces.map(() => true),
      );
    const widths = pieces.map(({ text }) => measure(text));
    const gap_px = measure(gap);
    const kept = pieces.map(({ telling }) => telling && !twins);
    const room = (): number => room_px - widthOf(kept, widths, gap_px);
    const fitsTelling = !twins && room() >= 0;
    const number = fitsTelling ? "" : `#${this.all.indexOf(name) + 1}`;
    if (!fitsTelling) {
      kept.fill(false);
      room_px -= measure(number) + gap_px;
    }
    const last = pieces.length - 1;
    const rank = (index: number): number => {
      const { telling, shared } = pieces[index]!;
      return telling ? 0 : index === last ? 1 : shared ? 3 : 2;
    };
    const order = [...pieces.keys()].sort((a, b) => rank(a) - rank(b) || b - a);
    for (const index of order) {
      if (kept[index]) continue;
      kept[index] = true;
      if (room() < 0) kept[index] = false;
    }
    dropLoose(pieces, kept);
    const label = merged(pieces, kept);
    return fitsTelling ? label : [...label, { text: number, kind: "number" }];
  }

  #piecesOf(name: string): readonly Piece[] {
    let pieces = this.#pieces.get(name);
    if (!pieces) this.#pieces.set(name, (pieces = this.#cut(name)));
    return pieces;
  }

  #cut(name: string): Piece[] {
    this.#parts ??= distinctParts(this.all);
    const places = this.#tellingPlaces(name);
    const pieces: Piece[] = [];
    let at = 0;
    for (const part of this.#parts(name)) {
      for (const word of part.text.match(words) ?? []) {
        for (const text of chunks(word)) {
          const [start, end] = [at, (at += text.length)];
          const telling = [...places].some((place) => place >= start && place < end);
          pieces.push({ text, shared: part.shared && !telling, telling });
        }
      }
    }
    // A name that others only go on from is told from them by its end.
    if (pieces.length > 0 && places.has(name.length)) pieces.at(-1)!.telling = true;
    return pieces;
  }

  /** The places at which another name that is the same up to there goes on differently. */
  #tellingPlaces(name: string): ReadonlySet<number> {
    const { sorted, shared } = (this.#order ??= inOrder(this.all));
    const own = lowerBound(sorted, name);
    const places = new Set<number>();
    // Names further away in this order have no more in common with it.
    let common = Infinity;
    for (let i = own; i > 0 && common > 0; i--) places.add((common = Math.min(common, shared[i]!)));
    common = Infinity;
    for (let i = own + 1; i < sorted.length && common > 0; i++)
      places.add((common = Math.min(common, shared[i]!)));
    return places;
  }

  /** Whether another name cannot be told from it by looking. */
  #isTwin(name: string): boolean {
    this.#looks ??= count(this.all.map(look));
    return this.#looks.get(look(name))! > 1;
  }
}

/** Names by their letters. */
interface Order {
  sorted: readonly string[];
  /** How many letters each has in common with the one before. */
  shared: Uint32Array;
}

function inOrder(names: readonly string[]): Order {
  const sorted = names.toSorted(byCodeUnits);
  return {
    sorted,
    shared: Uint32Array.from(sorted, (name, i) => (i ? sharedLength(sorted[i - 1]!, name) : 0)),
  };
}

/** What a reader sees of a name: letters with an accent are written in two ways. */
function look(name: string): string {
  return name.normalize("NFC");
}

function count(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function lowerBound(sorted: readonly string[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sharedLength(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}

/** A long word in pieces of whole letters. */
function chunks(word: string): string[] {
  if (word.length <= longestPiece) return [word];
  const letters = [...word];
  const made: string[] = [];
  for (let i = 0; i < letters.length; i += longestPiece)
    made.push(letters.slice(i, i + longestPiece).join(""));
  return made;
}

/** Width of what is kept, with the gaps between. */
function widthOf(kept: readonly boolean[], widths: readonly number[], gap_px: number): number {
  let width = 0;
  kept.forEach((is, index) => {
    if (is) width += widths[index]!;
    else if (index === 0 || kept[index - 1]) width += gap_px;
  });
  return width;
}

/** What only separates does not beside a gap. */
function dropLoose(pieces: readonly Piece[], kept: boolean[]): void {
  pieces.forEach(({ text, telling }, index) => {
    if (telling || !separator.test(text)) return;
    // An end of the name is no gap.
    const isLeftOut = (at: number): boolean => kept[at] === false;
    if (isLeftOut(index - 1) || isLeftOut(index + 1)) kept[index] = false;
  });
}

function merged(pieces: readonly Piece[], kept: readonly boolean[]): LabelPart[] {
  const parts: LabelPart[] = [];
  pieces.forEach(({ text, shared }, index) => {
    const kind = !kept[index] ? "gap" : shared ? "shared" : "own";
    const last = parts.at(-1);
    if (last?.kind !== kind) parts.push({ text: kind === "gap" ? gap : text, kind });
    else if (kind !== "gap") last.text += text;
  });
  return parts;
}
