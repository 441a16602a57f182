/** How the room looks: all of it in the page's address. */

import { flag, param, text, url, word } from "../../state/url.svelte";

export const modes = ["one", "all"] as const;
export type Mode = (typeof modes)[number];

export const filter = param("tags", "", text);
export const search = param("q", "", text);
export const mode = param<Mode>("view", "one", word(modes));
export const markdown = param("markdown", true, flag);

/** Which point each card shows, by card; a card that shows the newest is not in it. */
const positions = $derived(
  new Map(
    url.all("at").flatMap((entry): [string, number][] => {
      try {
        const [run, tag, index] = JSON.parse(entry) as [string, string, number];
        return [[JSON.stringify([run, tag]), index]];
      } catch {
        return []; // Not ours: somebody edited the address.
      }
    }),
  ),
);

export function position(run: string, tag: string): number | null {
  return positions.get(JSON.stringify([run, tag])) ?? null;
}

export function moveTo(run: string, tag: string, index: number | null): void {
  const all = new Map(positions);
  if (index === null) all.delete(JSON.stringify([run, tag]));
  else all.set(JSON.stringify([run, tag]), index);
  const entries = [...all].map(([card, at]) => JSON.stringify([...(JSON.parse(card) as string[]), at]));
  url.set({ at: entries.length ? entries : null });
}

/** A switch that single cards (or groups) carry: `wide`, `closed`. */
export function has(key: string, name: string): boolean {
  return url.all(key).includes(name);
}

export function toggle(key: string, name: string, on = !has(key, name)): void {
  const others = url.all(key).filter((other) => other !== name);
  url.set({ [key]: on ? [...others, name] : others });
}
