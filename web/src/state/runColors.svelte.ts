/** Which colour and dash each run has: one answer for every room. By run, by group, or by what a rule says of runs. */

import { compareCells, decodeKey, encodeKey, type GroupKey, type RunGroup } from "../base/grouping";
import { colorScale, type ColorScale } from "../base/colorScale";
import {
  assignSlots,
  decodeColor,
  encodeColor,
  neutral,
  slotColor,
  slotDash,
  slotOf,
} from "../base/runColors";
import type { Cell } from "../base/runColumn";
import { remember, remembered } from "../base/storage";
import { catalog } from "./catalog.svelte";
import { groups, resolveKey } from "./groups.svelte";
import { runColumns } from "./runColumns.svelte";
import { settings } from "./settings.svelte";
import { param, url, word } from "./url.svelte";

/** What colours are given by: `null` stands for the group where runs are grouped, else the run. */
export type ColorRule = "run" | GroupKey | null;

/** When lines are dashed: where hues run out, all lines in turn, or never. */
export const dashes = param("dashes", "auto", word(["auto", "always", "never"] as const));

const noDash: readonly number[] = [];

class RunColors {
  /** Slots of earlier catalogs: plain, since they only ever feed the derived map below. */
  #known = new Map<string, number>();
  #location: string | null = null;
  #drawn = $state.raw<ReadonlySet<string> | null>(null);

  /** Names the plugins whose rooms draw runs in colour: a run that has no series of any of them takes no colour. */
  drawnBy(plugins: Iterable<string>): void {
    this.#drawn = new Set(plugins);
  }

  /** Runs that have something to draw, the oldest first: so a run that comes later leaves the others theirs, in every browser. */
  #colored = $derived.by(() => {
    const drawn = this.#drawn;
    const rows = new Set<number>();
    if (drawn) {
      for (const plugin of drawn) {
        for (const { runs } of catalog.series(plugin)) for (const row of runs) rows.add(row);
      }
    }
    return catalog.runs
      .filter((_, row) => !drawn || rows.has(row))
      .toSorted((a, b) => (a.start_wall_time ?? Infinity) - (b.start_wall_time ?? Infinity) || 0)
      .map((entry) => entry.run);
  });

  #slots = $derived.by(() => {
    this.#recall();
    const slots = assignSlots(this.#colored, this.#known);
    // While the directory is read runs come in any order.
    if (!catalog.loading) {
      for (const [run, slot] of slots) this.#known.set(run, slot);
      if (slots.size) this.#remember();
    }
    return slots;
  });

  /** Of groups seen before: one that comes later leaves the others theirs. Plain, as `#known`. */
  #knownGroups = new Map<string, number>();

  #groupSlots = $derived.by(() => {
    const slots = assignSlots(
      groups.all.map((group) => group.id),
      this.#knownGroups,
    );
    for (const [id, slot] of slots) this.#knownGroups.set(id, slot);
    return slots;
  });

  #own = $derived(new Map(url.all("own").flatMap(decodeOwn)));

  /** What a person gave this run; null if nothing. Reactive, as all is here. */
  own(run: string): string | null {
    const color = this.#own.get(run);
    return color === undefined ? null : decodeColor(color, settings.dark);
  }

  /** Gives a run a colour of the person's own, which stands in the address; null gives its slot's back. */
  setOwn(run: string, color: string | null): void {
    const own = new Map(this.#own);
    if (color === null) own.delete(run);
    else own.set(run, encodeColor(color));
    url.set({ own: [...own].map(([name, short]) => `${short}.${name}`) });
  }

  get rule(): ColorRule {
    const written = url.get("color");
    return written === "run" ? "run" : written === null ? null : decodeKey(written);
  }

  set rule(rule: ColorRule) {
    url.set({ color: rule === null ? null : rule === "run" ? "run" : encodeKey(rule) });
  }

  #rule = $derived(this.rule);
  /** The last expression that was one, for while another is typed. Plain: it only ever feeds the derived one. */
  #lastGood: ReturnType<typeof resolveKey> | null = null;
  #resolved = $derived.by(() => {
    const rule = this.#rule;
    const resolved = rule === null || rule === "run" ? null : resolveKey(rule);
    if (!resolved?.problem) this.#lastGood = resolved;
    return resolved?.problem ? { ...resolved, facets: this.#lastGood?.facets ?? [] } : resolved;
  });

  /** What is wrong with the rule's expression; null if nothing is. */
  get problem(): string | null {
    return this.#resolved?.problem ?? null;
  }

  /** The letters at which that shows. */
  get place(): { start: number; end: number } | null {
    return this.#resolved?.place ?? null;
  }

  /** What the rule says of each run; null where no rule gives the colours. */
  #cells = $derived.by((): ReadonlyMap<string, Cell> | null => {
    const facets = this.#resolved?.facets;
    if (!facets?.length) return null;
    const cellOf = (run: string, row: number): Cell => {
      const cells = facets.map((facet) => facet.of(run, row));
      if (cells.length === 1) return numberOf(cells[0]!);
      return cells.every((cell) => cell === null) ? null : cells.join(" · ");
    };
    return new Map(catalog.runs.map(({ run }, row) => [run, cellOf(run, row)]));
  });

  #scale = $derived.by(() => {
    if (!this.#cells) return null;
    const there = [...this.#cells.values()].filter((cell) => cell !== null);
    const numbers = there.filter((cell) => typeof cell === "number");
    return numbers.length === there.length ? colorScale(numbers, settings.dark) : null;
  });

  /** The gradient that colours come from; null where they are hues. */
  get scale(): ColorScale | null {
    return this.#scale;
  }

  /** What the gradient shows. */
  get scaleTitle(): string {
    return this.#resolved?.facets[0]?.title ?? "";
  }

  #cellSlots = $derived.by(() => {
    const values = [...new Set(this.#cells?.values() ?? [])].filter((cell) => cell !== null);
    return assignSlots(values.sort(compareCells).map(String), new Map());
  });

  color(run: string): string {
    return this.own(run) ?? this.#given(run);
  }

  #given(run: string): string {
    const { dark } = settings;
    if (this.#cells) {
      const cell = this.#cells.get(run) ?? null;
      if (cell === null || Number.isNaN(cell)) return neutral(dark);
      if (this.#scale) return this.#scale.color(cell as number);
      return slotColor(this.#cellSlots.get(String(cell)) ?? 0, dark);
    }
    const slot = this.#slotOf(run);
    return slot === undefined ? neutral(dark) : slotColor(slot, dark);
  }

  #slotOf(run: string): number | undefined {
    const group = this.#rule === null ? groups.of(run) : null;
    return group ? this.#groupSlots.get(group.id) : this.#slots.get(run);
  }

  /** Lengths of dash and gap; empty for a whole line. */
  dash(run: string): readonly number[] {
    if (this.#cells || (this.#rule === null && groups.active)) return noDash;
    const slot = this.#slots.get(run);
    return slot === undefined ? noDash : slotDash(slot, dashes.value);
  }

  groupColor(group: RunGroup): string {
    const first = group.runs[0];
    if (this.#cells && first !== undefined) return this.#given(first);
    return slotColor(this.#groupSlots.get(group.id) ?? 0, settings.dark);
  }

  groupDash(group: RunGroup): readonly number[] {
    const slot = this.#groupSlots.get(group.id);
    return this.#cells || slot === undefined ? noDash : slotDash(slot, dashes.value);
  }

  /** Slots are remembered by log directory, as pairs, since a run may be called `__proto__`. */
  #recall(): void {
    const location = catalog.info?.location ?? null;
    if (location === null || location === this.#location) return;
    this.#location = location;
    this.#known = new Map(remembered<[string, number][]>(`run slots ${location}`, []));
  }

  #remember(): void {
    // A thousand names is enough to keep colours steady, and far below what the browser grants.
    if (this.#location !== null) remember(`run slots ${this.#location}`, [...this.#known].slice(-1000));
  }
}

function decodeOwn(text: string): [string, string][] {
  const dot = text.indexOf(".");
  const color = text.slice(0, dot);
  return dot > 0 && slotOf(color) !== null ? [[text.slice(dot + 1), color]] : [];
}

/** What is captured of a name is a text: where it reads as a number, it is one. */
function numberOf(cell: Cell): Cell {
  if (typeof cell !== "string" || cell.trim() === "") return cell;
  const value = Number(cell);
  return Number.isNaN(value) ? cell : value;
}

export const runColors = new RunColors();
runColumns.demand(() => {
  const { rule } = runColors;
  return rule !== null && rule !== "run" && rule.by === "column" ? [rule.id] : [];
});
