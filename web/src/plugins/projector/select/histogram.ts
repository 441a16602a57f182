/** How the points of a column are spread over its values: what the filters beside the cloud draw. */

import { colorKinds, countsOf, parse } from "../colors";
import type { Field } from "../data";
import { numberScale } from "../scales";
import type { Mask } from "./mask";

/** A column as bars, one for each of its most frequent values, or as bins of its numbers. */
export type Spread =
  | { kind: "bars"; /** Values by falling number of points. */ codes: number[]; rest: number; all: number[] }
  | { kind: "bins"; /** One more than bins. */ edges: number[]; all: number[] };

const mostBars = 12;
const bins = 24;
/** Fewer distinct numbers are bars. */
const leastNumbers = 13;

/** Null where every value is another text. */
export function spreadOf(field: Field): Spread | null {
  const kinds = colorKinds(field);
  if (kinds.gradient && field.values.length >= leastNumbers) {
    const edges = edgesOf(field);
    return { kind: "bins", edges, all: binCounts(field, edges, null) };
  }
  if (!kinds.categories) return null;
  const all = countsOf(field);
  const codes = field.values.map((_, code) => code).sort((a, b) => all[b]! - all[a]! || a - b);
  return { kind: "bars", codes: codes.slice(0, mostBars), rest: Math.max(0, codes.length - mostBars), all };
}

/** Of some points, how many there are in each bar's value (by code) or bin. @param mask null: of all. */
export function countsIn(field: Field, spread: Spread, mask: Mask | null): number[] {
  if (!mask) return spread.all;
  if (spread.kind === "bins") return binCounts(field, spread.edges, mask);
  const counts = field.values.map(() => 0);
  for (let i = 0; i < mask.length; i++) if (mask[i]) counts[field.codes[i]!]!++;
  return counts;
}

function edgesOf(field: Field): number[] {
  const numbers = field.values.map(parse).filter(Number.isFinite);
  const rising = Float64Array.from(numbers).sort();
  const { kind, low, high } = numberScale([...rising], [], null);
  return Array.from({ length: bins + 1 }, (_, at) => {
    if (at === 0) return low;
    if (at === bins) return high;
    const share = at / bins;
    return kind === "log" ? low * (high / low) ** share : low + (high - low) * share;
  });
}

function binCounts(field: Field, edges: readonly number[], mask: Mask | null): number[] {
  const binOf = field.values.map((value) => {
    const number = parse(value);
    if (!Number.isFinite(number)) return -1;
    const after = edges.findIndex((edge) => edge > number);
    return after < 0 ? bins - 1 : after - 1;
  });
  const counts = Array.from({ length: bins }, () => 0);
  field.codes.forEach((code, i) => {
    const bin = binOf[code]!;
    if (bin >= 0 && (!mask || mask[i])) counts[bin]!++;
  });
  return counts;
}
