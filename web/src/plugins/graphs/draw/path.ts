import type { PathCommand } from "../../../charts/surface";

const cornerRadius = 12;

/**
 * A smooth path through points (x, y, x, y, …): vertical at each point, so that it leaves and enters boxes straight; where it runs level, with
 * round corners.
 */
export function smoothPath(points: Float64Array): PathCommand[] {
  const path: PathCommand[] = [["M", points[0]!, points[1]!]];
  const isLevel = (i: number) =>
    i >= 2 && i < points.length && points[i - 1] === points[i + 1] && points[i - 2] !== points[i];
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    const turns = i + 2 < points.length && isLevel(i) !== isLevel(i + 2);
    if (turns) {
      const [x2, y2] = [points[i + 2]!, points[i + 3]!];
      const before = Math.hypot(x1 - x0, y1 - y0);
      const after = Math.hypot(x2 - x1, y2 - y1);
      const r = Math.min(cornerRadius, before / 2, after / 2);
      const [enter, leave] = [r / (before || 1), r / (after || 1)];
      path.push(["L", x1 + (x0 - x1) * enter, y1 + (y0 - y1) * enter]);
      path.push(["Q", x1, y1, x1 + (x2 - x1) * leave, y1 + (y2 - y1) * leave]);
    } else if (isLevel(i) || Math.abs(x1 - x0) < 0.5) path.push(["L", x1, y1]);
    else path.push(["C", x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1]);
  }
  return path;
}
