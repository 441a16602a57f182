/** Draws a diagram: scopes, wires, boxes, words; less of it from far away, so that what is drawn can be read. */

import type { Surface } from "../../../charts/surface";
import { toPlane, type Transform } from "../../../widgets/panZoom";
import { drawBox, drawHeader, drawRing, drawScope } from "./boxes";
import type { Diagram } from "./diagram";
import { fonts } from "./measure";
import { smallestText, type Drawing, type GraphStyle } from "./style";
import { drawLabel, drawWires } from "./wires";

/** Draws what of the diagram lies on the surface when it is seen through `transform`. */
export function drawGraph(surface: Surface, diagram: Diagram, style: GraphStyle, transform: Transform): void {
  const drawing: Drawing = { surface, style, scale: transform.scale };
  const { x: left, y: top } = toPlane(transform, 0, 0);
  const { x: right, y: bottom } = toPlane(transform, surface.width, surface.height);
  const boxes = diagram.boxes.filter(
    ({ x, y, width, height }) => x + width >= left && x <= right && y + height >= top && y <= bottom,
  );
  surface.part(transform, () => {
    for (const box of boxes) if (box.open) drawScope(drawing, box);
    if (!style.plain) {
      const wires = diagram.wires.filter(
        ({ bounds: [x1, y1, x2, y2] }) => x2 >= left && x1 <= right && y2 >= top && y1 <= bottom,
      );
      drawWires(drawing, wires);
      if (fonts.label * transform.scale >= smallestText) for (const wire of wires) drawLabel(drawing, wire);
    }
    for (const box of boxes) {
      if (box.open) drawHeader(drawing, box);
      else drawBox(drawing, box);
    }
    for (const box of boxes) drawRing(drawing, box);
  });
}
