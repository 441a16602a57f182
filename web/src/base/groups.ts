/** A group of cards: those whose tags begin alike. */
export interface Group<T> {
  /** What stands before the first `/`; empty for tags without one. */
  title: string;
  items: T[];
}

/** Groups items by what stands before the first `/` of their tags, in the order in which they come; tags without `/` come first. */
export function groupByPrefix<T>(items: readonly T[], tag: (item: T) => string): Group<T>[] {
  const groups = new Map<string, T[]>([["", []]]);
  for (const item of items) {
    const name = tag(item);
    const title = name.slice(0, Math.max(0, name.indexOf("/")));
    const group = groups.get(title);
    if (group) group.push(item);
    else groups.set(title, [item]);
  }
  return [...groups].filter(([, found]) => found.length > 0).map(([title, found]) => ({ title, items: found }));
}
