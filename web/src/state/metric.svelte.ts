/** The number beside each run's name: the last one of one tag, by which the list can be sorted. A room declares whose tags these are. */

import { alignedFormat } from "../base/format";
import { latestOnly } from "../base/latest";
import { listPrecision } from "../base/precision";
import type { RunMetric } from "../base/room";
import { catalog } from "./catalog.svelte";
import { live } from "./live.svelte";
import { url } from "./url.svelte";

/** While a tag grows all the time the column follows at this pace. */
const pause_ms = 1000;

/** The tag people look for first, where they have chosen none. */
const likely = [
  /(val|valid|eval|test|dev).*(acc|f1|auc|map|score|iou|psnr|bleu)/i,
  /(val|valid|eval|test|dev).*loss/i,
  /acc/i,
  /loss/i,
];

type RunOrder = "name" | "ascending" | "descending";

class Metric {
  #values = $state.raw<ReadonlyMap<string, number>>(new Map());
  #plugin = $state("");
  #load: RunMetric = () => Promise.resolve(new Map());
  #tags = $derived(catalog.series(this.#plugin).map((entry) => entry.tag));

  /** Takes the numbers of a plugin's tags. */
  from(plugin: string, load: RunMetric): void {
    this.#load = load;
    this.#plugin = plugin;
  }

  /** Tags to choose from. */
  get tags(): readonly string[] {
    return this.#tags;
  }

  #likely = $derived.by(() => {
    for (const pattern of likely) {
      const tag = this.#tags.find((candidate) => pattern.test(candidate));
      if (tag !== undefined) return tag;
    }
    return this.#tags[0] ?? "";
  });

  /** The chosen tag; empty for no column. */
  get tag(): string {
    return url.get("metric") ?? this.#likely;
  }

  set tag(tag: string) {
    url.set({ metric: tag === this.#likely ? null : tag });
  }

  get order(): RunOrder {
    const order = url.get("order");
    return order === "ascending" || order === "descending" ? order : "name";
  }

  set order(order: RunOrder) {
    url.set({ order: order === "name" ? null : order });
  }

  /** A run's last value; undefined if it has none. */
  value(run: string): number | undefined {
    return this.#values.get(run);
  }

  #read = $derived(alignedFormat(this.#values.values(), listPrecision(this.#values.values())));

  /** A run's last value as it stands in the column; undefined if it has none. */
  text(run: string): string | undefined {
    const value = this.value(run);
    return value === undefined ? undefined : this.#read(value);
  }

  /** Keeps the values up to date; call inside an effect. */
  follow(): void {
    const tag = this.tag;
    void live.version(this.#plugin, tag);
    this.#ask(this.#tags.includes(tag) ? tag : "");
  }

  #ask = latestOnly(async (tag: string) => {
    try {
      this.#values = tag === "" ? new Map() : await this.#load(tag);
    } catch {
      // The column stays as it is; the live mark already says that the server is away.
    }
    if (tag !== "") await new Promise((resolve) => setTimeout(resolve, pause_ms));
  });
}

export const metric = new Metric();
