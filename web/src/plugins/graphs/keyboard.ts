/** The keys of the graph. Arrows: down goes into an open scope, else down and up follow the data; left and right go to the neighbour beside. */

import type { Box, Diagram } from "./draw/diagram";
import type { Unit } from "./model/tree";

export type Direction = "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight";

export interface KeyActions {
  move: (key: Direction) => void;
  /** Opens or closes what is selected; null if nothing is. */
  toggle: (() => void) | null;
  deselect: (() => void) | null;
  zoom: (factor: number) => void;
  fit: () => void;
}

/** Does what a key means. @returns false if it means nothing here, so that others may have it. */
export function pressKey(event: KeyboardEvent, actions: KeyActions): boolean {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (isDirection(key)) actions.move(key);
  else if (key === "Enter" && actions.toggle) actions.toggle();
  else if (key === "Escape" && actions.deselect) actions.deselect();
  else if (key === "+" || key === "=") actions.zoom(1.25);
  else if (key === "-") actions.zoom(1 / 1.25);
  else if (key === "0") actions.fit();
  else return false;
  return true;
}

function isDirection(key: string): key is Direction {
  return key === "ArrowDown" || key === "ArrowUp" || key === "ArrowLeft" || key === "ArrowRight";
}

/** The unit that an arrow key leads to; null if there is none that way. */
export function neighbour(diagram: Diagram, from: Unit | null, key: Direction): Unit | null {
  const start = from ? diagram.byUnit.get(from) : undefined;
  if (!start) return topmost(diagram.boxes)?.unit ?? null;
  if (key === "ArrowDown" && start.open) return first(diagram, start)?.unit ?? null;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const along = linked(diagram, start, key === "ArrowDown");
    if (along) return along.unit;
  }
  return nearest(diagram, start, key)?.unit ?? null;
}

/** Among the boxes that data goes to (or comes from), the nearest. */
function linked(diagram: Diagram, start: Box, down: boolean): Box | null {
  const found = new Set<Box>();
  for (const { segment } of diagram.wires) {
    for (const [source, target] of segment.ends) {
      const next = down ? source === start.unit && target : target === start.unit && source;
      const box = next ? diagram.byUnit.get(next) : undefined;
      if (box) found.add(box);
    }
  }
  return closest([...found], start);
}

/** The nearest box on that side in the same scope; above the first one, the scope itself. */
function nearest(diagram: Diagram, start: Box, key: Direction): Box | null {
  const beside = diagram.boxes.filter((box) => {
    if (box === start || box.unit.parent !== start.unit.parent) return false;
    if (key === "ArrowDown") return box.y >= start.y + start.height;
    if (key === "ArrowUp") return box.y + box.height <= start.y;
    const apart = middle(box)[0] - middle(start)[0];
    return key === "ArrowRight" ? apart > 1 : apart < -1;
  });
  const found = closest(beside, start);
  if (!found && key === "ArrowUp" && start.unit.parent) return diagram.byUnit.get(start.unit.parent) ?? null;
  return found;
}

/** The first box inside an open scope. */
function first(diagram: Diagram, scope: Box): Box | null {
  return topmost(diagram.boxes.filter((box) => box.unit.parent === scope.unit));
}

function topmost(boxes: readonly Box[]): Box | null {
  return boxes.reduce<Box | null>((best, box) => (!best || box.y < best.y ? box : best), null);
}

function closest(boxes: readonly Box[], to: Box): Box | null {
  const [x, y] = middle(to);
  let best: Box | null = null;
  let least = Infinity;
  for (const box of boxes) {
    const [bx, by] = middle(box);
    const distance = Math.hypot(bx - x, by - y);
    if (distance < least) [best, least] = [box, distance];
  }
  return best;
}

function middle(box: Box): [number, number] {
  return [box.x + box.width / 2, box.y + box.height / 2];
}
