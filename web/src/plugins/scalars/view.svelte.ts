/** How the room looks now: all of it in the address but the pointer. */

import { fitted, type Viewport } from "../../charts/line/model";
import type { Hover } from "../../charts/line/LineChart.svelte";
import { urlSet } from "../../dashboard/address.svelte";
import { xAxisParam } from "../../dashboard/xAxis";
import { preference } from "../../state/preference.svelte";
import { flag, number, param, url, word } from "../../state/url.svelte";
import { readoutOrders, type ReadoutOrder } from "./readoutOrder";

/** Beyond it a smoothed line hardly ever moves. */
export const largestSmoothing = 0.999;

export const xAxis = xAxisParam(() => view.resetZoom());
/** Logarithmic y axes; cards of `otherScale` are the other way. */
export const log = param("y", false, { encode: () => "log", decode: (value) => value === "log" });
export const otherScale = urlSet("ylog");
export const pins = urlSet("pin");
export const ignoreOutliers = param("outliers", false, flag);
export const linkZoom = param("link", false, flag);

/** A person's smoothing follows them from log to log; an address that names one wins. */
const smoothing = param("smoothing", Number.NaN, number);

/** In which order the tooltip has its rows. */
export const readoutOrder = param<ReadoutOrder>("tip", "descending", word(readoutOrders));

/** What is read on a card. */
export interface RoomHover extends Hover {
  /** The card's id. */
  card: string;
}

class ScalarsView {
  /** What an address without one means: as it was when this page first changed it, so that a change can be undone. */
  #usual = $state<number | null>(null);
  #preferred = preference("smoothing", 0.6, (kept) => (typeof kept === "number" ? kept : null));
  /** What the pointer reads, on whichever card it is: all of them show its crosshair. */
  hover = $state.raw<RoomHover | null>(null);
  /** Where a click has pinned the tooltip. */
  pinned = $state.raw<RoomHover | null>(null);

  get smoothing(): number {
    const value = Number.isNaN(smoothing.value) ? (this.#usual ?? this.#preferred.value) : smoothing.value;
    return Math.min(largestSmoothing, Math.max(0, value));
  }

  set smoothing(next: number) {
    this.#usual ??= this.#preferred.value;
    smoothing.value = Math.round(Math.min(largestSmoothing, Math.max(0, next)) * 1000) / 1000;
    this.#preferred.value = smoothing.value;
  }

  #zooms = $derived(new Map(url.all("zoom").flatMap(decodeZoom)));

  /** A card's view; with linked zooms its x is everybody's. */
  zoom(tag: string): Viewport {
    const own = this.#zooms.get(tag) ?? fitted;
    if (!linkZoom.value) return own;
    const shared = this.#zooms.get("")?.x ?? null;
    return shared === null && own.y === null ? fitted : { x: shared, y: own.y };
  }

  setZoom(tag: string, view: Viewport): void {
    const zooms = new Map(this.#zooms);
    zooms.set(tag, linkZoom.value ? { x: null, y: view.y } : view);
    if (linkZoom.value) zooms.set("", { x: view.x, y: null });
    url.set({ zoom: [...zooms].filter(([, zoom]) => zoom.x || zoom.y).map(encodeZoom) });
  }

  resetZoom(): void {
    url.set({ zoom: null });
  }
}

function encodeZoom([tag, view]: [string, Viewport]): string {
  // Ten digits place a zoom to far less than a pixel, and keep the address readable.
  return JSON.stringify([tag, view.x, view.y], (_, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(10)) : value,
  );
}

/** Nothing for what is not a zoom: an address can be cut anywhere. */
function decodeZoom(encoded: string): [string, Viewport][] {
  try {
    const parsed: unknown = JSON.parse(encoded);
    if (!Array.isArray(parsed) || typeof parsed[0] !== "string") return [];
    return [[parsed[0], { x: interval(parsed[1]), y: interval(parsed[2]) }]];
  } catch {
    return [];
  }
}

function interval(value: unknown): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = [Number(value[0]), Number(value[1])];
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : null;
}

export const view = new ScalarsView();
