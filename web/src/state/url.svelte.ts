/**
 * The page's address: `#scalars?smoothing=0.6&filter=lr`. It holds all view state, so a copied address shows the same page.
 *
 * Each room has parameters of its own, kept while another room is open; those of `sharedKeys` follow from room to room.
 */

import { untrack } from "svelte";
import { detached } from "../base/detached.svelte";

/** Parameters of the runs and groups: every room reads the same, so none may have one of its own so called. */
export const sharedKeys: ReadonlySet<string> = new Set([
  ...["filter", "without", "show", "hide", "also", "focus", "metric", "sort", "order"],
  ...["fold", "unfold", "flat"],
  ...["group", "center", "band", "members", "color", "own", "dashes"],
  ...["table", "column", "pinned", "width", "heat", "differ", "ungrouped", "shut"],
]);

const pause_ms = 250;

/** All that the address stands for, of the open room and of those that were open before. */
export interface View {
  /** The open room's address: `#scalars?smoothing=0.6`. */
  hash: string;
  /** What each other room holds of its own, as an address. */
  others: string[];
}

type Params = ReadonlyMap<string, string[]>;

class PageUrl {
  #room = $state("");
  #edits = $state(0);
  #beforeEdit: (keys: string) => void = () => {};
  #shared: Params = new Map();
  #own = new Map<string, Params>();
  /** What was read so far, by key: a signal for each, so that setting one parameter runs only its readers again. */
  #values = new Map<string, Values>();
  #written = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;

  constructor() {
    this.#read();
    this.#resume();
    globalThis.addEventListener?.("hashchange", () => {
      if (location.hash !== this.#written) this.#read();
    });
    globalThis.addEventListener?.(
      "pagehide",
      () => this.#again && sessionUrl.leave(location.hash, this.hash),
    );
  }

  /** Grows whenever the page changes its address, and not when the browser does. Reactive. */
  get edits(): number {
    return this.#edits;
  }

  /** Has a function called before parameters are set, with their names: what stands until then can be undone to. */
  onEdit(listener: (keys: string) => void): void {
    this.#beforeEdit = listener;
  }

  /** The open room's name; empty until one is chosen. */
  get room(): string {
    return this.#room;
  }

  /** Opens a room: a step in the browser's history. */
  open(room: string): void {
    if (room === this.#room) return;
    const first = this.#room === "";
    this.#room = room;
    this.#publish();
    this.#write(!first);
    if (!first) untrack(() => this.#edits++);
  }

  /** All of it, to be kept and restored. */
  get view(): View {
    const others = [...this.#own].filter(([room, own]) => room !== this.#room && own.size > 0);
    return { hash: this.hash, others: others.map(([room, own]) => encode(room, own)) };
  }

  /** Puts another view in place of all that is shown; a step in the browser's history if `push`. */
  restore(view: View, push = true): void {
    this.#own.clear();
    for (const other of view.others) {
      const { room, own } = decode(other);
      this.#own.set(room, own);
    }
    this.#take(view.hash);
    this.#write(push);
    untrack(() => this.#edits++);
  }

  /** A parameter's value; null if the address does not name it. Reactive: it changes when this parameter does. */
  get(key: string): string | null {
    return this.all(key)[0] ?? null;
  }

  /** All values of a repeated parameter. Reactive: the array is the same one until this parameter changes. */
  all(key: string): readonly string[] {
    let values = this.#values.get(key);
    if (!values) {
      // A reaction does not depend on signals that it makes itself.
      values = detached(() => new Values(this.#params(key).get(key) ?? []));
      this.#values.set(key, values);
    }
    return values.current;
  }

  /** Sets parameters; null removes one. Replaces the history's present entry, a few times a second, so sliders may call it at will. */
  set(changes: Record<string, string | readonly string[] | null>): void {
    untrack(() => {
      this.#beforeEdit(Object.keys(changes).join(" "));
      this.#edits++;
    });
    for (const [key, value] of Object.entries(changes)) {
      const params = new Map(this.#params(key));
      const values = value === null ? [] : typeof value === "string" ? [value] : [...value];
      if (values.length) params.set(key, values);
      else params.delete(key);
      if (sharedKeys.has(key)) this.#shared = params;
      else this.#own.set(this.#room, params);
    }
    this.#publish();
    if (this.#timer === undefined) this.#writeOften();
    else this.#again = true;
  }

  /** Browsers refuse more than some hundred writes in half a minute. */
  #writeOften(): void {
    this.#again = false;
    this.#write(false);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) this.#writeOften();
    }, pause_ms);
  }

  /** The hash as it stands for the present state. */
  get hash(): string {
    return encode(this.#room, this.#shared, this.#own.get(this.#room));
  }

  /** Who changes the address in an effect must not depend on all of it. */
  #publish(): void {
    untrack(() => {
      for (const [key, values] of this.#values) values.set(this.#params(key).get(key) ?? []);
    });
  }

  #params(key: string): Params {
    return (sharedKeys.has(key) ? this.#shared : this.#own.get(this.#room)) ?? new Map<string, string[]>();
  }

  #read(): void {
    const hash = globalThis.location?.hash ?? "";
    this.#take(hash);
    this.#written = hash;
  }

  /** Takes what the page that stood here before had no time to write. */
  #resume(): void {
    const late = sessionUrl.take(this.#written);
    if (late === null) return;
    this.#take(late);
    this.#write(false);
  }

  #take(hash: string): void {
    const { room, shared, own } = decode(hash);
    this.#room = room;
    this.#shared = shared;
    this.#own.set(room, own);
    this.#publish();
  }

  #write(push: boolean): void {
    // A link was followed, and the browser tells of it later: what it opens is newer than what would be written over it.
    if (!push && location.hash !== this.#written) return this.#read();
    const hash = this.hash;
    if (hash !== location.hash) history[push ? "pushState" : "replaceState"](null, "", hash);
    this.#written = location.hash; // a lone "#" is none
  }
}

/**
 * An address that was still to be written when its page was left: browsers reload what stood in their bar before they told the page,
 * so it waits in the tab's storage.
 */
const sessionUrl = {
  key: "cupola.unwritten",

  leave(written: string, hash: string): void {
    try {
      sessionStorage.setItem(this.key, JSON.stringify([written, hash]));
    } catch {
      // Full or forbidden: the last quarter of a second is forgotten.
    }
  },

  take(written: string): string | null {
    try {
      const [before, hash] = JSON.parse(sessionStorage.getItem(this.key) ?? "[]") as [string?, string?];
      sessionStorage.removeItem(this.key);
      return before === written && typeof hash === "string" ? hash : null;
    } catch {
      return null;
    }
  },
};

/** The values of one key: the same array until they change. */
class Values {
  current: readonly string[] = $state.raw([]);

  constructor(values: readonly string[]) {
    this.current = values;
  }

  set(next: readonly string[]): void {
    const same =
      next.length === this.current.length && next.every((value, index) => value === this.current[index]);
    if (!same) this.current = next;
  }
}

function encode(room: string, ...sources: (Params | undefined)[]): string {
  const query = new URLSearchParams();
  for (const params of sources) {
    for (const [key, values] of params ?? []) for (const value of values) query.append(key, value);
  }
  const text = query.toString();
  return `#${encodeURIComponent(room)}${text ? `?${text}` : ""}`;
}

function decode(hash: string): { room: string; shared: Params; own: Params } {
  const mark = hash.indexOf("?");
  const room = safeDecode(mark < 0 ? hash.slice(1) : hash.slice(1, mark));
  const shared = new Map<string, string[]>();
  const own = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(mark < 0 ? "" : hash.slice(mark + 1))) {
    const params = sharedKeys.has(key) ? shared : own;
    params.set(key, [...(params.get(key) ?? []), value]);
  }
  return { room, shared, own };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const url = new PageUrl();

/** How a value stands in the address. `decode` gives null for what it does not understand, and the fallback is taken. */
export interface Codec<T> {
  encode: (value: T) => string;
  decode: (text: string) => T | null;
}

export const text: Codec<string> = { encode: (value) => value, decode: (value) => value };
export const flag: Codec<boolean> = {
  encode: (value) => (value ? "1" : "0"),
  decode: (value) => value === "1",
};
export const number: Codec<number> = {
  encode: String,
  decode: (value) => (value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : null),
};

/** One of a fixed list of words. */
export function word<T extends string>(words: readonly T[]): Codec<T> {
  return { encode: (value) => value, decode: (value) => words.find((known) => known === value) ?? null };
}

/**
 * A piece of view state that lives in the address: `const mode = param("mode", "heatmap", word(modes))`, then `mode.value`, to read
 * (reactive) and to bind. The fallback's value is left out of the address. What stands there is decoded once for each change, so a
 * reader runs again only when this parameter changes, and a decoded object is the same one until then.
 */
export function param<T>(key: string, fallback: T, codec: Codec<T>): { value: T } {
  let written: readonly string[] | null = null;
  let decoded = fallback;
  return {
    get value(): T {
      const values = url.all(key);
      if (values !== written) {
        written = values;
        decoded = values[0] === undefined ? fallback : (codec.decode(values[0]) ?? fallback);
      }
      return decoded;
    },
    set value(next: T) {
      url.set({ [key]: next === fallback ? null : codec.encode(next) });
    },
  };
}
