/** Which labels the cloud has, by falling importance: those of single points, and the names of groups. */

import { toCss, type Rgb } from "../../../base/color";
import type { Label } from "./overlay";
import { radiusAt, type Frame } from "./painter";
import type { PointCloud } from "./pointCloud";
import type { ProjectedPoints } from "./projected";

/** More labels than these would only cover each other. */
const mostChosen = 200;
const mostOthers = 3000;
/** Heights of a point's name, and of one that stands for its point, far and near. */
const size_px = { label: 12, group: 16, far: 8, middle: 13, near: 26 };

/** A cluster's name and the middle of it. */
export interface GroupName {
  text: string;
  at: readonly [number, number, number];
  color: Rgb | null;
  /** Whether one of these points that stand out is its own. */
  holds: (chosen: readonly number[]) => boolean;
}

export interface Labelling {
  mode: "off" | "groups" | "points";
  /** Whether the points' labels say what the groups' names say. */
  sameAsGroups: boolean;
  nameOf: (index: number) => string;
  hovered: number;
  focus: number;
  /** Those that were selected or found, else the open point and its neighbours. */
  highlighted: readonly number[];
  groups: readonly GroupName[];
  color: string;
  dimColor: string;
}

/** What is pointed at, the open point, what stands out (found, selected, neighbours), the groups, then the others. */
export function labelsOf(from: Labelling, cloud: PointCloud, frame: Frame): Label[] {
  const labels: Label[] = [];
  const standing = new Set<number>();
  const add = (index: number, color = from.color, height_px = size_px.label): void => {
    if (index >= cloud.count || standing.has(index) || !cloud.isShown(index)) return;
    standing.add(index);
    labels.push({ text: from.nameOf(index), at: index, color, bold: false, height_px, replaces: false });
  };
  if (from.hovered >= 0) add(from.hovered);
  // Where groups carry the same names, repeating them at every highlighted point says nothing.
  const repeats = from.mode === "groups" && from.sameAsGroups;
  if (from.focus >= 0 && !repeats) add(from.focus);
  if (from.mode !== "off" && !repeats) from.highlighted.slice(0, mostChosen).forEach((index) => add(index));
  labels.push(...groupLabels(from));
  if (frame.drawing === "names") labels.push(...names(from, cloud, frame, standing));
  else if (from.mode === "points") othersInView(cloud, frame, mostOthers).forEach((index) => add(index));
  return labels;
}

function groupLabels({ groups, highlighted, dimColor, color }: Labelling): Label[] {
  return groups.map(({ text, at, color: own, holds }) => {
    const dim = highlighted.length > 0 && !holds(highlighted);
    return { text, at, color: dim ? dimColor : own ? toCss(own) : color, bold: !dim, height_px: dim ? size_px.label : size_px.group, replaces: true }; // prettier-ignore
  });
}

/** Every point as its own name, as large as it is near. */
function names(from: Labelling, cloud: PointCloud, frame: Frame, standing: ReadonlySet<number>): Label[] {
  const { depths } = cloud.project(frame);
  const found = othersInView(cloud, frame, mostOthers).filter((index) => !standing.has(index));
  if (frame.reference > 0) found.sort((a, b) => depths[a]! - depths[b]!);
  return found.map((index) => {
    const near = radiusAt({ ...frame, diameter_px: 2 }, depths[index]!);
    const height_px = Math.round(Math.max(size_px.far, Math.min(size_px.near, size_px.middle * near)));
    const [red, green, blue] = cloud.colors.subarray(4 * index, 4 * index + 3);
    return { text: from.nameOf(index), at: index, color: toCss([red!, green!, blue!]), bold: false, height_px, replaces: true }; // prettier-ignore
  });
}

/**
 * Shown points in the picture, spread over the file and so over the cloud: always in the same order, so that a name stays as the camera
 * moves, and more of them come into the picture where it shows less.
 */
export function othersInView(cloud: PointCloud, frame: Frame, most: number): number[] {
  const { count } = cloud;
  const projected = cloud.project(frame);
  const step = spreadingStep(count);
  const found: number[] = [];
  for (let at = 0, index = 0; at < count && found.length < most; at++, index = (index + step) % count)
    if (projected.isInside(index) && cloud.isShown(index)) found.push(index);
  return found;
}

/** A step near the golden section of a count that has no divisor in common with it: going on by it meets every number once, evenly. */
export function spreadingStep(count: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.round(count * 0.6180339887));
  while (divisor(step, count) !== 1) step++;
  return step;
}

/** The shown point nearest to the middle of the picture; -1 if none is before the camera. */
export function middlePoint(cloud: PointCloud, frame: Frame): number {
  const { xs, ys, depths }: ProjectedPoints = cloud.project(frame);
  let best = -1;
  let least = Infinity;
  for (let index = 0; index < cloud.count; index++) {
    const away = Math.hypot(xs[index]! - frame.width / 2, ys[index]! - frame.height / 2);
    if (depths[index]! > 0 && away < least && cloud.isShown(index)) [best, least] = [index, away];
  }
  return best;
}
