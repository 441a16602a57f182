/** From what the room shows to a bookmark, and back. */

import { Spherical, Vector3 } from "three";
import { url } from "../../../state/url.svelte";
import { restDistance } from "../cloud/orbitCamera";
import { decodePose, home, type CameraPose } from "../cloud/pose";
import type { Projector } from "../state/projector.svelte";
import { cubeOf, empty, type Bookmark } from "./bookmarks";
import { pointsRule } from "./rule";

const projections = { pca: "pca", tsne: "tsne", umap: "umap", axes: "custom" } as const;

export function bookmarkOf(p: Projector, label: string, note: string): Bookmark {
  const { appearance, selection, data, pose } = p;
  const settings = p.methods?.settings;
  const flat = appearance.flat.value;
  const kind = projections[p.method.value];
  const cube = cubeOf(appearance.positions);
  const color = appearance.coloring.kind === "one" ? undefined : appearance.coloring.field.name;
  return {
    ...empty,
    label,
    selectedProjection: kind,
    dataSetDimensions: [...data.projection!.shape],
    tSNEIteration: p.methods?.run.progress?.iteration ?? 0,
    tSNEPerplexity: settings?.perplexity.value ?? empty.tSNEPerplexity,
    tSNELearningRate: settings?.learningRate.value || empty.tSNELearningRate,
    tSNEis3d: !flat,
    umapIs3d: !flat,
    umapNeighbors: settings?.neighbours.value ?? empty.umapNeighbors,
    umapMinDist: settings?.minDistance.value ?? empty.umapMinDist,
    pcaComponentDimensions: [...appearance.shownAxes],
    projections: kind === "tsne" || kind === "umap" ? coordinates(p, kind, flat ? 2 : 3) : [],
    selectedPoints: [...selection.selected],
    filteredPoints: selection.shown && [...selection.shown],
    cameraDef: {
      orthographic: flat,
      position: cube.to(flat ? [pose.target[0], pose.target[1], 4] : eyeOf(pose).toArray()),
      target: cube.to(pose.target),
      zoom: flat ? pose.zoom : 1,
    },
    ...(color === undefined ? {} : { selectedColorOptionName: color }),
    forceCategoricalColoring: appearance.form === "categories",
    ...(appearance.labelField ? { selectedLabelOption: appearance.labelField.name } : {}),
    cupola: { note, address: url.hash.split("?")[1] ?? "" },
  };
}

/** Shows what a bookmark holds: one of ours as it was, one of TensorBoard's as far as this page has the same. */
export function showBookmark(p: Projector, bookmark: Bookmark): void {
  const address = bookmark.cupola?.address;
  if (address === undefined) showForeign(p, bookmark);
  else {
    const wanted = new URLSearchParams(address);
    const keys = new Set([...new URLSearchParams(url.hash.split("?")[1]).keys(), ...wanted.keys()]);
    // The embedding stays: bookmarks are of its data, whatever its run was called.
    for (const kept of ["run", "tag", "step"]) keys.delete(kept);
    url.set(Object.fromEntries([...keys].map((key) => [key, wanted.getAll(key)])));
    p.pose = decodePose(wanted.get("view") ?? "") ?? home;
    if (wanted.has("selected") && (wanted.has("only") || wanted.has("where"))) return;
  }
  const { selectedPoints, filteredPoints } = bookmark;
  if (!address?.includes("selected=")) p.selection.select(selectedPoints);
  if (!/(only|where)=/.test(address ?? ""))
    p.selection.only = filteredPoints && filteredPoints.length > 0 ? pointsRule(filteredPoints) : null;
}

function showForeign(p: Projector, bookmark: Bookmark): void {
  const { appearance } = p;
  const kind = bookmark.selectedProjection;
  if (kind === "pca") {
    p.setMethod("pca");
    bookmark.pcaComponentDimensions.slice(0, 3).forEach((axis, at) => (appearance.axes[at]!.value = axis));
  }
  if (kind === "tsne" || kind === "umap") p.setMethod(kind);
  const { cameraDef } = bookmark;
  const flat = cameraDef?.orthographic ?? false;
  p.setFlat(flat);
  if (cameraDef) p.pose = poseOf(p, cameraDef);
  if (bookmark.selectedColorOptionName) appearance.color.value = bookmark.selectedColorOptionName;
  if (bookmark.selectedLabelOption) appearance.label.value = bookmark.selectedLabelOption;
}

function poseOf(p: Projector, { orthographic, position, target, zoom }: Bookmark["cameraDef"]): CameraPose {
  const cube = cubeOf(p.appearance.positions);
  const middle = cube.from(target ?? [0, 0, 0]);
  if (orthographic) return { ...home, target: [middle[0], middle[1], 0], zoom: zoom || 1 };
  const away = new Vector3(...cube.from(position)).sub(new Vector3(...middle));
  const { radius, phi, theta } = new Spherical().setFromVector3(away);
  return {
    yaw: theta,
    pitch: Math.PI / 2 - phi,
    zoom: radius > 0 ? restDistance / radius : 1,
    target: middle,
  };
}

function eyeOf({ yaw, pitch, zoom, target }: CameraPose): Vector3 {
  const place = new Spherical(restDistance / zoom, Math.PI / 2 - pitch, yaw);
  return new Vector3().setFromSpherical(place).add(new Vector3(...target));
}

function coordinates(p: Projector, kind: string, dimensions: number): Record<string, number>[] {
  const { positions } = p.appearance;
  return Array.from({ length: positions.length / 3 }, (_, i) =>
    Object.fromEntries(
      Array.from({ length: dimensions }, (_, axis) => [`${kind}-${axis}`, positions[3 * i + axis]!]),
    ),
  );
}
