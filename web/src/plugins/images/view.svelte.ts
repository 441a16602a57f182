/** The room's view state, all of it in the page's address. */

import { flag, number, param, text, url, type Codec } from "../../state/url.svelte";

const wholeNumber: Codec<number | null> = {
  encode: String,
  decode: (value) => (/^-?\d{1,16}$/.test(value) ? Number(value) : null),
};

export const filter = param("tags", "", text);
export const size_px = param("size", 280, number);
export const actualSize = param("actual", false, flag);
export const brightness = param("brightness", 1, number);
export const contrast = param("contrast", 1, number);
export const linked = param("link", false, flag);
/** The step that linked cards show; null: the newest. */
export const linkedStep = param<number | null>("step", null, wholeNumber);

/** The CSS filter of all pictures. */
export function pictureFilter(): string {
  return brightness.value === 1 && contrast.value === 1
    ? "none"
    : `brightness(${brightness.value}) contrast(${contrast.value})`;
}

/** Where a card stands: which point (null: the newest, whatever comes) and which sample of its batch. */
export interface Position {
  index: number | null;
  sample: number;
}

/** Cards that were moved stand in the address as `at=["run","tag",index,sample]`. */
const positions = $derived.by(() => {
  const found = new Map<string, Position>();
  for (const text of url.all("at")) {
    try {
      const [run, tag, index, sample] = JSON.parse(text) as [string, string, number | null, number];
      found.set(JSON.stringify([run, tag]), { index, sample });
    } catch {
      // Not ours: somebody edited the address.
    }
  }
  return found;
});

export function position(run: string, tag: string): Position {
  return positions.get(JSON.stringify([run, tag])) ?? { index: null, sample: 0 };
}

export function moveTo(run: string, tag: string, next: Position): void {
  const all = new Map(positions);
  const key = JSON.stringify([run, tag]);
  if (next.index === null && next.sample === 0) all.delete(key);
  else all.set(key, next);
  const texts = [...all].map(([name, at]) => JSON.stringify([...JSON.parse(name), at.index, at.sample]));
  url.set({ at: texts.length ? texts : null });
}

/** The card that is open large, as [run, tag]. */
export const opened = {
  get value(): [string, string] | null {
    try {
      const [run, tag] = JSON.parse(url.get("open") ?? "null") as [string, string];
      return [run, tag];
    } catch {
      return null;
    }
  },
  set value(next: [string, string] | null) {
    url.set({ open: next && JSON.stringify(next) });
  },
};
