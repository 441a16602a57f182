/** A scene with its layouts, put together in one plane: boxes from the outside in, and wires. */

import type { ScopeLayout, ScopeSpec } from "../layout/types";
import type { Scene, Segment } from "../model/scene";
import type { Unit } from "../model/tree";
import { boxSize, header_px, headerWidth, labelSize, type Measure } from "./measure";

export interface Box {
  unit: Unit;
  x: number;
  y: number;
  width: number;
  height: number;
  open: boolean;
}

export interface Wire {
  segment: Segment;
  /** x, y, x, y, … */
  points: Float64Array;
  /** Bounds: left, top, right, bottom. */
  bounds: [number, number, number, number];
  labelX: number;
  labelY: number;
}

export interface Diagram {
  scene: Scene;
  width: number;
  height: number;
  /** A box stands behind the open box around it. */
  boxes: Box[];
  wires: Wire[];
  byUnit: Map<Unit, Box>;
}

/** What the layout needs to know of a scene. */
export function specsOf(scene: Scene, measure: Measure): ScopeSpec[] {
  const index = new Map(scene.scopes.map((scope, i) => [scope.unit, i]));
  return scene.scopes.map(({ unit, inPorts, outPorts, segments }) => {
    const place = new Map(unit.children.map((child, i) => [child, i]));
    return {
      items: unit.children.map((child) => {
        const scope = index.get(child) ?? -1;
        return { ...(scope >= 0 ? { width: 0, height: 0 } : boxSize(child, measure)), scope };
      }),
      inPorts: inPorts.length,
      outPorts: outPorts.length,
      edges: segments.map((segment) => {
        // The label stands where data sets out; further on it would only be repeated.
        const label = segment.from && !index.has(segment.from) ? labelSize(segment.label, measure) : null;
        return {
          from: segment.from ? place.get(segment.from)! : -1 - segment.fromPort,
          to: segment.to ? place.get(segment.to)! : -1 - segment.toPort,
          fromPort: segment.from && index.has(segment.from) ? segment.fromPort : -1,
          toPort: segment.to && index.has(segment.to) ? segment.toPort : -1,
          labelWidth: label?.width ?? 0,
          labelHeight: label?.height ?? 0,
        };
      }),
      minWidth: unit.parent ? headerWidth(unit, measure) : 0,
      header: unit.parent ? header_px : 0,
    };
  });
}

export function compose(scene: Scene, layouts: readonly ScopeLayout[]): Diagram {
  const index = new Map(scene.scopes.map((scope, i) => [scope.unit, i]));
  const boxes: Box[] = [];
  const wires: Wire[] = [];
  const place = (scopeIndex: number, x: number, y: number) => {
    const { unit, segments } = scene.scopes[scopeIndex]!;
    const layout = layouts[scopeIndex]!;
    unit.children.forEach((child, i) => {
      const [left, top, width, height] = layout.boxes.subarray(i * 4, i * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const inner = index.get(child);
      boxes.push({ unit: child, x: x + left, y: y + top, width, height, open: inner !== undefined });
      if (inner !== undefined) place(inner, x + left, y + top);
    });
    segments.forEach((segment, i) => {
      const edge = layout.edges[i]!;
      const points = edge.points.map((value, k) => value + (k % 2 ? y : x));
      wires.push({
        segment,
        points,
        bounds: boundsOf(points),
        labelX: edge.labelX + x,
        labelY: edge.labelY + y,
      });
    });
  };
  const last = scene.scopes.length - 1;
  place(last, 0, 0);
  const { width, height } = layouts[last]!;
  return { scene, width, height, boxes, wires, byUnit: new Map(boxes.map((box) => [box.unit, box])) };
}

function boundsOf(points: Float64Array): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    bounds[0] = Math.min(bounds[0], points[i]!);
    bounds[1] = Math.min(bounds[1], points[i + 1]!);
    bounds[2] = Math.max(bounds[2], points[i]!);
    bounds[3] = Math.max(bounds[3], points[i + 1]!);
  }
  return bounds;
}

/** The innermost box at a point. */
export function boxAt(diagram: Diagram, x: number, y: number): Box | null {
  for (let i = diagram.boxes.length - 1; i >= 0; i--) {
    const box = diagram.boxes[i]!;
    if (x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height) return box;
  }
  return null;
}
