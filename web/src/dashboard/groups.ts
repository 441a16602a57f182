import { groupByPrefix, type TagGroup } from "../base/groups";

/**
 * Cards grouped by what stands before the first `/` of their names. A group of one would take a row for itself: all of them, and the
 * names without a `/`, make one group, the first.
 */
export function groupCards<T>(items: readonly T[], name: (item: T) => string): TagGroup<T>[] {
  const groups = groupByPrefix(items, name);
  const alone = new Set(groups.filter((group) => group.prefix === "" || group.items.length === 1));
  if (alone.size === 0) return groups;
  const ungrouped = { prefix: "", items: [...alone].flatMap((group) => group.items) };
  return [ungrouped, ...groups.filter((group) => !alone.has(group))];
}

/** Names a group of cards in the address: by its prefix, and where runs are grouped by their group too. */
export function sectionKey(runGroup: string | undefined, prefix: string): string {
  return runGroup === undefined ? prefix : JSON.stringify([runGroup, prefix]);
}

/** Keys of the groups that are open unless the person closed them: those of the first cards, up to a number. */
export function openGroups(
  groups: readonly { key: string; items: readonly unknown[] }[],
  cards: number,
): Set<string> {
  const open = new Set<string>();
  let count = 0;
  for (const group of groups) {
    if (count === 0 || count + group.items.length <= cards) open.add(group.key);
    count += group.items.length;
  }
  return open;
}
