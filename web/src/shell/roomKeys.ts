/** Keys that open rooms: `g`, then a letter of the room's name; or a tab's number. */

interface Named {
  name: string;
}

/** A letter for each room: the first of its name that no room before it has; none where all are taken. */
export function roomLetters<T extends Named>(rooms: readonly T[]): Map<string, T> {
  const letters = new Map<string, T>();
  for (const room of rooms) {
    const letter = [...room.name].find((each) => /[a-z]/.test(each) && !letters.has(each));
    if (letter !== undefined) letters.set(letter, room);
  }
  return letters;
}

/** Between `g` and the letter. */
const pause_ms = 1500;

/** Follows what is typed. */
export class RoomKeys<T extends Named> {
  #letters: ReadonlyMap<string, T>;
  #prefixed_ms = -Infinity;

  constructor(rooms: readonly T[]) {
    this.#letters = roomLetters(rooms);
  }

  /** The room that a key opens; `"prefix"` if the next key may; null if the key means no room. */
  press(key: string, tabs: readonly T[], now_ms: number): T | "prefix" | null {
    const prefixed = now_ms - this.#prefixed_ms < pause_ms;
    this.#prefixed_ms = -Infinity;
    if (prefixed) return this.#letters.get(key) ?? null;
    if (key === "g") {
      this.#prefixed_ms = now_ms;
      return "prefix";
    }
    return /^[1-9]$/.test(key) ? (tabs[Number(key) - 1] ?? null) : null;
  }
}
