/** Which labels the cloud has, by falling importance: those of single points, and the names of groups. */

import { Vector3 } from "three";
import { toCss } from "../../../base/color";
import type { Coloring } from "../colors";
import type { Label } from "./overlay";
import type { Frame } from "./painter";
import type { PointCloud } from "./pointCloud";
import { Screen } from "./screen";

/** More labels than these would only cover each other. */
const mostChosen = 60;
const mostNearest = 250;

export interface Labelling {
  mode: "off" | "groups" | "points";
  /** Whether the points' labels say what the groups' names say. */
  sameAsGroups: boolean;
  nameOf: (index: number) => string;
  hovered: number;
  focus: number;
  highlighted: readonly number[];
  coloring: Coloring;
  /** Where each group's name stands; null: no names. */
  groupPlaces: readonly (readonly [number, number, number] | null)[] | null;
  color: string;
  dimColor: string;
}

/** What is pointed at, what is highlighted, the groups, then what lies nearest. */
export function labelsOf(from: Labelling, cloud: PointCloud, frame: Frame): Label[] {
  const labels: Label[] = [];
  const add = (index: number): void => {
    if (index < cloud.count && cloud.isShown(index))
      labels.push({ text: from.nameOf(index), at: index, color: from.color, bold: false });
  };
  if (from.hovered >= 0) add(from.hovered);
  // Where groups carry the same names, repeating them at every highlighted point says nothing.
  const repeats = from.mode === "groups" && from.sameAsGroups;
  if (from.focus >= 0 && !repeats) add(from.focus);
  if (from.mode !== "off" && !repeats) from.highlighted.slice(0, mostChosen).forEach(add);
  labels.push(...groupLabels(from));
  if (from.mode === "points" && from.highlighted.length === 0)
    nearestPoints(cloud, frame, mostNearest).forEach(add);
  return labels;
}

function groupLabels({ coloring, groupPlaces, highlighted, dimColor }: Labelling): Label[] {
  if (!groupPlaces || coloring.kind !== "categories") return [];
  const { field, colors } = coloring;
  const standing = highlighted.length > 0 ? new Set(highlighted.map((index) => field.codes[index]!)) : null;
  return groupPlaces.flatMap((at, code) => {
    const text = field.values[code];
    if (!at || !text) return [];
    const dim = standing !== null && !standing.has(code);
    return [{ text, at, color: dim ? dimColor : toCss(colors[code]!), bold: !dim }];
  });
}

/** The shown points within the picture that lie nearest to the camera; in the plane, to the middle of the picture. */
export function nearestPoints(cloud: PointCloud, frame: Frame, most: number): number[] {
  const { positions, count } = cloud;
  const screen = new Screen(frame.camera, frame.width, frame.height);
  const place = new Vector3();
  let found: { index: number; key: number }[] = [];
  let limit = Infinity;
  /** Leaves the nearest, and lets in only what is nearer than all of them. */
  const trim = (): void => {
    found = found.sort((a, b) => a.key - b.key).slice(0, most);
    if (found.length === most) limit = found.at(-1)!.key;
  };
  for (let index = 0; index < count; index++) {
    if (!screen.shows(screen.placeOf(positions, index, place)) || !cloud.isShown(index)) continue;
    const key = frame.reference > 0 ? place.z : screen.fromMiddle(place);
    if (key >= limit) continue;
    found.push({ index, key });
    if (found.length >= 4 * most) trim();
  }
  trim();
  return found.map(({ index }) => index);
}

/** The shown point nearest to the middle of the picture; -1 if none is before the camera. */
export function middlePoint(cloud: PointCloud, frame: Frame): number {
  const screen = new Screen(frame.camera, frame.width, frame.height);
  const place = new Vector3();
  let best = -1;
  let least = Infinity;
  for (let index = 0; index < cloud.count; index++) {
    const away = screen.fromMiddle(screen.placeOf(cloud.positions, index, place));
    if (place.z > 0 && away < least && cloud.isShown(index)) [best, least] = [index, away];
  }
  return best;
}
