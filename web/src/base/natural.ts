/**
 * Natural order: digits compare as numbers, so `a2` stands before `a10` and `lr0.003` before `lr0.01`; `/` before all else, so children
 * follow their parent. Counterpart: src/cupola/names.py.
 */
export function naturalCompare(a: string, b: string): number {
  const left = a.match(pieces) ?? [];
  const right = b.match(pieces) ?? [];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const l = left[i]!;
    const r = right[i]!;
    if (l === r) continue;
    if (isDigits(l) && isDigits(r)) {
      const difference = compareDigits(l, r);
      if (difference !== 0) return difference;
      continue;
    }
    return rank(l) - rank(r) || (l < r ? -1 : 1);
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Digits with one point among them are a decimal number; with more, a version, each of whose numbers counts by itself. */
const pieces = /(?<![\d.])\d+\.\d+(?!\.?\d)|\d+|\/|[^\d/]+/g;

function isDigits(piece: string): boolean {
  const code = piece.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** Digits of any length, without rounding them to a double. */
function compareDigits(a: string, b: string): number {
  const [l = "", lFraction = ""] = a.replace(/^0+/, "").split(".");
  const [r = "", rFraction = ""] = b.replace(/^0+/, "").split(".");
  return l.length - r.length || compareText(l, r) || compareText(lFraction, rFraction);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(piece: string): number {
  return piece === "/" ? 0 : isDigits(piece) ? 1 : 2;
}
