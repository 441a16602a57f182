/** What charts are drawn over: the same choice in every room that has charts. */

import type { ScaleKind } from "../charts/scale";
import type { Command } from "../state/commands";
import { param, word } from "../state/url.svelte";
import { t } from "./words";

export const xAxes = ["step", "relative", "wall"] as const;
export type XAxis = (typeof xAxes)[number];

/** How each axis is drawn. */
export const scaleKinds: Record<XAxis, ScaleKind> = { step: "step", relative: "duration", wall: "time" };

/**
 * The room's x axis, kept in its address.
 *
 * @param changed called after a change: another axis has other numbers, so zooms on the old one end.
 */
export function xAxisParam(changed: () => void): { value: XAxis } {
  const axis = param<XAxis>("x", "step", word(xAxes));
  return {
    get value() {
      return axis.value;
    },
    set value(next) {
      axis.value = next;
      changed();
    },
  };
}

export function xAxisCommands(axis: { value: XAxis }): Command[] {
  return xAxes.map((one) => ({
    id: one,
    group: t().xAxis,
    label: t()[one],
    run: () => (axis.value = one),
  }));
}
