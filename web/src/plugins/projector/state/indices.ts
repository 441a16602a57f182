/** A selection in the address: `3,7-9,12`. */

/** A thousand neighbours among a million points fit. */
const mostLength = 8000;

/** Rising indices as ranges; null if there are none, or more than an address should carry. */
export function encodeIndices(indices: readonly number[], most = mostLength): string | null {
  const parts: string[] = [];
  for (let i = 0; i < indices.length; i++) {
    const first = indices[i]!;
    while (indices[i + 1] === indices[i]! + 1) i++;
    parts.push(first === indices[i] ? `${first}` : `${first}-${indices[i]}`);
  }
  const text = parts.join(",");
  return text === "" || text.length > most ? null : text;
}

/** The indices of such a text; what is no range is left out. */
export function decodeIndices(text: string): number[] {
  const indices: number[] = [];
  for (const part of text.split(",")) {
    const match = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(part);
    if (!match) continue;
    const last = Math.min(Number(match[2] ?? match[1]), Number(match[1]) + 1_000_000);
    for (let index = Number(match[1]); index <= last; index++) indices.push(index);
  }
  return indices;
}
