/** State of single cards and groups, kept in the page's address in one form for every room. */

import { patternParam } from "../state/pattern";
import { url } from "../state/url.svelte";

/** Names one card of a room that has a card for each run of each tag. Rooms with a card for each tag use the tag. */
export function cardKey(run: string, tag: string): string {
  return JSON.stringify([run, tag]);
}

/** The filter over tags. */
export const filter = patternParam("tags");

export interface UrlSet {
  /** Reactive, as `has` is. */
  readonly all: ReadonlySet<string>;
  has(name: string): boolean;
  set(name: string, on: boolean): void;
  toggle(name: string): void;
}

/** A switch that single cards or groups carry: `wide=a&wide=b` is on for `a` and `b`. */
export function urlSet(key: string): UrlSet {
  const names = $derived<ReadonlySet<string>>(new Set(url.all(key)));
  function set(name: string, on: boolean): void {
    const others = url.all(key).filter((other) => other !== name);
    url.set({ [key]: on ? [...others, name] : others });
  }
  return {
    get all() {
      return names;
    },
    has: (name) => names.has(name),
    set,
    toggle: (name) => set(name, !names.has(name)),
  };
}

/** Which point a card shows, and which sample of it. */
export interface Position {
  /** The point's key, or its index in addresses of before keys; null: the newest, whatever comes. */
  point: string | number | null;
  sample: number;
}

const newest: Position = { point: null, sample: 0 };

export interface UrlPositions {
  /** Reactive. */
  get(run: string, tag: string): Position;
  set(run: string, tag: string, position: Position): void;
}

/** Where single cards stand: `at=["run","tag",point,sample]` for each that was moved away from the newest. */
export function urlPositions(key: string): UrlPositions {
  const positions = $derived(new Map(url.all(key).flatMap(decodePosition)));
  return {
    get: (run, tag) => positions.get(cardKey(run, tag)) ?? newest,
    set(run, tag, position) {
      const all = new Map(positions);
      if (position.point === null && position.sample === 0) all.delete(cardKey(run, tag));
      else all.set(cardKey(run, tag), position);
      url.set({ [key]: [...all].map(encodePosition) });
    },
  };
}

function encodePosition([card, { point, sample }]: [string, Position]): string {
  const place = JSON.parse(card) as [string, string];
  return JSON.stringify(sample ? [...place, point, sample] : [...place, point]);
}

/** Nothing for what is not a position: somebody edited the address, or it was cut. */
function decodePosition(encoded: string): [string, Position][] {
  const [run, tag, point, sample = 0] = parseArray(encoded);
  if (typeof run !== "string" || typeof tag !== "string") return [];
  const known = typeof point === "string" || typeof point === "number" ? point : null;
  return [[cardKey(run, tag), { point: known, sample: typeof sample === "number" ? sample : 0 }]];
}

function parseArray(encoded: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(encoded);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** The card whose large view is open, by its key; null: none. */
export const large = {
  get value(): string | null {
    return url.get("large") ?? formerLarge();
  },
  set value(key: string | null) {
    url.set(formerLarge() === null ? { large: key } : { large: key, open: null });
  },
};

/** Addresses of the images room once said `open=["run","tag"]`. */
function formerLarge(): string | null {
  const open = url.get("open");
  return open !== null && parseArray(open).length === 2 ? open : null;
}
