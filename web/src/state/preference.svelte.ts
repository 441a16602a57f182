/**
 * What a person prefers for all logs: theme, language, smoothing. The server keeps it, so that port and browser do not matter; the browser
 * remembers it too, so that the page looks right before the server has answered.
 */

import { remember, remembered } from "../base/storage";
import { kept } from "./kept.svelte";

/**
 * @param key its name in the user's settings.
 * @param decode what was kept; null if that is no value of it, and the fallback is taken.
 *
 * @example const theme = preference("theme", "system", (kept) => themes.find((known) => known === kept) ?? null);
 */
export function preference<T>(key: string, fallback: T, decode: (kept: unknown) => T | null): { value: T } {
  const cached = decode(remembered<unknown>(key, null)) ?? fallback;
  const current = $derived.by(() => {
    const known = kept.views.settings[key];
    return known === undefined ? cached : (decode(known) ?? fallback);
  });
  return {
    get value() {
      return current;
    },
    set value(next) {
      remember(key, next);
      kept.change({ settings: { [key]: next } });
    },
  };
}
