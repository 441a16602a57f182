/** The axes that somebody chose, in the address, and the points on them. */

import { isAbort } from "../../../api/client";
import { param } from "../../../state/url.svelte";
import {
  axisCodec,
  getAxes,
  type AskedAxis,
  type AxesLayout,
  type AxisKind,
  type AxisRule,
  type PointRule,
} from "../axes";
import type { Entry, Field } from "../data";

export class CustomAxes {
  readonly #chosen = ["axis_x", "axis_y", "axis_z"].map((key) =>
    param<AxisRule | null>(key, null, axisCodec),
  );
  readonly #field: () => Field | null;
  layout = $state.raw<AxesLayout | null>(null);
  error = $state.raw<Error | null>(null);

  /** @param field whose values make the first axes. */
  constructor(field: () => Field | null) {
    this.#field = field;
  }

  readonly axes = $derived.by(() => this.#chosen.map(({ value }, at) => value ?? this.#default(at)));

  set(at: number, axis: AxisRule): void {
    this.#chosen[at]!.value = axis;
  }

  /** Makes an axis one of another kind, and keeps what it can. */
  setKind(at: number, kind: AxisKind): void {
    const axis = this.axes[at]!;
    if (kind === "component") return this.set(at, { kind, component: at });
    const rules = axis.kind === "component" ? [] : axis.rules;
    const rule = (place: number): PointRule => rules[place] ?? this.ruleOf("value", place);
    this.set(
      at,
      kind === "between" ? { kind, rules: [rule(0), rule(1)] } : { kind, rules: [rule(0), rule(1), rule(2)] },
    );
  }

  /** A first rule of a kind. @param place of its value among the field's. */
  ruleOf(kind: PointRule["kind"], place: number): PointRule {
    const field = this.#field();
    if (kind === "point" || !field) return { kind: "point", index: place };
    const value = field.values[place % Math.max(1, field.values.length)] ?? "";
    if (kind === "value") return { kind, field: field.name, value };
    return { kind, field: field.name, pattern: `^${value.replace(/[^\p{L}\p{N}_ ]/gu, "\\$&")}$` };
  }

  /** Back to the first axes. */
  reset(): void {
    for (const axis of this.#chosen) axis.value = null;
  }

  async load(
    entry: Entry,
    asked: readonly AskedAxis[],
    sphereize: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      this.layout = await getAxes(entry, asked, sphereize, signal);
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error; // what was shown stays
    }
  }

  clear(): void {
    this.layout = this.error = null;
  }

  #default(at: number): AxisRule {
    if (at > 0 || !this.#field()) return { kind: "component", component: at === 0 ? 0 : at - 1 };
    return { kind: "between", rules: [this.ruleOf("value", 0), this.ruleOf("value", 1)] };
  }
}
