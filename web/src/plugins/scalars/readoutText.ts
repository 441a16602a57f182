/** A readout as a table for other programs: tab-separated, numbers as they were logged. */

import { shownOf, type ReadLine, type Reading } from "./reading";
import type { Readout } from "./readout";

/** A row for each row of the readout, in its order; numbers in full, as Python and spreadsheets read them. */
export function readoutText({ rows }: Reading, readout: Readout, nameOf: (line: ReadLine) => string): string {
  const rowOf = new Map(rows.map((row) => [row.line.name, row]));
  const cells = readout.rows.map(({ line }) => {
    const row = rowOf.get(line.name)!;
    const { start_wall_time } = line.series;
    const relative = start_wall_time === null || line.group ? "" : row.wall_time - start_wall_time;
    const spread = [...(row.band ?? ["", ""]), row.n ?? ""];
    const pixel = row.pixel ? [row.pixel.mean, row.pixel.low, row.pixel.high] : ["", "", ""];
    const time = line.group ? "" : row.wall_time;
    return [nameOf(line), shownOf(row), row.value, ...pixel, ...spread, row.step ?? "", relative, time];
  });
  const head = ["run", "smoothed", "value", "pixel_mean", "pixel_min", "pixel_max", "low", "high", "n"];
  return [[...head, "step", "relative_s", "wall_time"], ...cells].map((row) => row.join("\t")).join("\n");
}
