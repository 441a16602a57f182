/** Names as they can be read: a directory may be called anything that has no `/` in it. */

/** Letters that show nothing, or that move or turn round what stands beside them. A joiner holds emoji and Persian words together. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const joiners = "\u200c\u200d";
const oddSpace = /[^\S ]|^ +| +$/gu;

/**
 * A name in one line, in which every letter is seen: a line break as `‹0A›`, a mark of direction as `‹202E›`, a space at an end as `␣`. So
 * names that differ look different, and none takes letters of the page with it. Numbers, since few fonts have pictures of such letters.
 */
export function printable(name: string): string {
  return name
    .replace(unseen, (letter) => (joiners.includes(letter) ? letter : written(letter)))
    .replace(oddSpace, (spaces) => (spaces.startsWith(" ") ? "␣".repeat(spaces.length) : written(spaces)));
}

function written(letter: string): string {
  return `‹${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(2, "0")}›`;
}
