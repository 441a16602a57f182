/** Where long names of runs differ, so that what tells them apart stays whole where there is no room for all. */

/** A piece of a name; the pieces of a name joined are the name. */
export interface NamePart {
  text: string;
  /** All names have the same here: it may be dimmed, and goes first where there is no room. */
  shared: boolean;
}

/** Words, numbers (with point and exponent) and what separates them. */
const pieces = /\d+(?:\.\d+)?(?:e[+-]?\d+)?|[^\d/_\-=.,:\s]+|[/_\-=.,:\s]+/gi;

/** A shared piece shorter than this tells as much as the `…` in its place would. */
const leastShared = 4;

/**
 * Finds where names differ. Names of equally many pieces are laid over each other and compared piece by piece, since they are mostly of one
 * sweep; of any other name, what all begin and end with is shared.
 *
 * @returns a function that cuts one of these names. Of a name alone, what stands behind its last `/` is its own.
 *
 * @example distinctParts(["exp/lr0.1_seed0", "exp/lr0.2_seed0"])("exp/lr0.1_seed0") // "exp/lr" shared, "0.1" not, "_seed0" shared
 */
export function distinctParts(names: readonly string[]): (name: string) => NamePart[] {
  if (names.length < 2) return splitLeaf;
  const first = cut(names[0]!);
  let ahead = first.length;
  let behind = first.length;
  const shapes = new Map<number, Shape>();
  for (const name of names) {
    const found = cut(name);
    const limit = Math.min(found.length, first.length);
    ahead = Math.min(
      ahead,
      firstDifference(limit, (i) => found[i] === first[i]),
    );
    behind = Math.min(
      behind,
      firstDifference(limit, (i) => found.at(-1 - i) === first.at(-1 - i)),
    );
    const shape = shapes.get(found.length);
    if (!shape) shapes.set(found.length, { count: 1, same: [...found] });
    else {
      shape.count++;
      shape.same.forEach((text, i) => text !== found[i] && (shape.same[i] = null));
    }
  }
  return (name) => {
    const found = cut(name);
    const shape = shapes.get(found.length);
    const isShared = (i: number): boolean =>
      shape && shape.count > 1
        ? shape.same[i] !== null
        : i < ahead || i >= Math.max(ahead, found.length - behind);
    return joinParts(found.map((text, i) => ({ text, shared: isShared(i) })));
  };
}

/** Names of equally many pieces. */
interface Shape {
  count: number;
  /** Their pieces; null where they differ. */
  same: (string | null)[];
}

function cut(name: string): readonly string[] {
  return name.match(pieces) ?? [];
}

function splitLeaf(name: string): NamePart[] {
  const end = name.lastIndexOf("/", name.length - 2) + 1;
  const parts = [
    { text: name.slice(0, end), shared: true },
    { text: name.slice(end), shared: false },
  ];
  return end ? parts : parts.slice(1);
}

function firstDifference(limit: number, same: (index: number) => boolean): number {
  let i = 0;
  while (i < limit && same(i)) i++;
  return i;
}

/** Neighbours of one kind become one part, and short shared parts belong to their neighbours. */
function joinParts(parts: readonly NamePart[]): NamePart[] {
  const join = (list: readonly NamePart[]): NamePart[] => {
    const joined: NamePart[] = [];
    for (const part of list) {
      const last = joined.at(-1);
      if (last?.shared === part.shared) last.text += part.text;
      else joined.push({ ...part });
    }
    return joined;
  };
  const joined = join(
    join(parts).map(({ text, shared }) => ({ text, shared: shared && text.length >= leastShared })),
  );
  // A name that others only add to has nothing of its own; then it is shown as a whole.
  return joined.some((part) => !part.shared) ? joined : joined.map((part) => ({ ...part, shared: false }));
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
