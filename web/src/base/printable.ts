/** Names as they can be read: a directory may be called anything that has no `/` in it. */

/** Letters that show nothing, or that move or turn round what stands beside them. A joiner holds emoji and Persian words together. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const joiners = "\u200c\u200d";
const oddSpace = /[^\S ]|^ +| +$/gu;

/**
 * A name in one line, in which every letter is seen: a line break as `␊`, a mark of direction as `‹202E›`, a space at an end as `␣`. So names
 * that differ look different, and none takes letters of the page with it.
 */
export function printable(name: string): string {
  return name
    .replace(unseen, (letter) => (joiners.includes(letter) ? letter : picture(letter.codePointAt(0)!)))
    .replace(oddSpace, (spaces) => (spaces.startsWith(" ") ? "␣".repeat(spaces.length) : "⍽"));
}

function picture(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `‹${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}
