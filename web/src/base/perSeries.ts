import { detached } from "./detached.svelte";

/**
 * One thing for each (run, tag), made when it is first asked for and kept, so that a card that scrolls away comes back as it was.
 *
 * @param make makes it.
 */
export function perSeries<T>(make: (run: string, tag: string) => T): (run: string, tag: string) => T {
  const known = new Map<string, T>();
  return (run, tag) => {
    const key = JSON.stringify([run, tag]);
    let kept = known.get(key);
    if (kept === undefined) known.set(key, (kept = detached(() => make(run, tag))));
    return kept;
  };
}
