/** Cards are grouped by what stands before the first `/` of their tags. */

export interface TagGroup<T> {
  /** Empty for tags without a `/`. */
  prefix: string;
  items: T[];
}

/** Groups in the order in which their first items come; tags without a `/` make one group of their own, before the others. */
export function groupByPrefix<T>(items: readonly T[], tag: (item: T) => string): TagGroup<T>[] {
  const groups = new Map<string, TagGroup<T>>();
  for (const item of items) {
    const name = tag(item);
    const cut = name.indexOf("/");
    const prefix = cut > 0 ? name.slice(0, cut) : "";
    const group = groups.get(prefix);
    if (group) group.items.push(item);
    else groups.set(prefix, { prefix, items: [item] });
  }
  const bare = groups.get("");
  if (!bare) return [...groups.values()];
  groups.delete("");
  return [bare, ...groups.values()];
}

/** Length of the prefix that all names share, cut back to a separator, so that what is left begins with a word. */
export function sharedPrefixLength(names: readonly string[]): number {
  const first = names[0];
  if (first === undefined || names.length < 2) return 0;
  let length = first.length;
  for (const name of names) {
    let i = 0;
    while (i < length && name[i] === first[i]) i++;
    length = i;
  }
  // A dot behind a digit is a decimal's: lr0.1 and lr0.2 share "lr" at most, which is no word either.
  while (length > 0 && !/[/_\- ]$|(^|\D)\.$/.test(first.slice(0, length))) length--;
  return length;
}
