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
