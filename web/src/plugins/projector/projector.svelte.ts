/** What the room shows: which embedding, seen how, with what selected. The address holds all of it. */

import { isAbort } from "../../api/client";
import { live } from "../../state/live.svelte";
import { settings } from "../../state/settings.svelte";
import { flag, number, param, text, url, word, type Codec } from "../../state/url.svelte";
import { loadAtlas, maxPixels } from "./atlas";
import { decodeView, encodeView, home, type View } from "./camera";
import { coloringOf, firstColored, gradients, type Gradient } from "./colors";
import {
  alignSigns,
  getListing,
  getMetadata,
  getNeighbours,
  getProjection,
  groupEntries,
  positionsOf,
  samePoints,
  sameProjection,
  spriteUrl,
  valueOf,
  type Entry,
  type Field,
  type Listing,
  type Metadata,
  type Metric,
  type Neighbours,
  type Projection,
} from "./data";
import { decodeIndices, encodeIndices } from "./indices";
import type { Atlas, Drawing } from "./painter";
import { matching } from "./search";

const configTag = "projector_config.pbtxt";
const drawings: readonly Drawing[] = ["points", "pictures", "ink"];
export const labelModes = ["off", "groups", "points"] as const;
export type LabelMode = (typeof labelModes)[number];

/** No field: one colour for all; the point's number for a label. An empty name cannot be a field's. */
export const noField = "";

interface Loaded {
  entry: Entry;
  projection: Projection;
  metadata: Metadata;
  /** The same points as before, so that they may move there and stay selected. */
  same: boolean;
}

export class Projector {
  listing = $state.raw<Listing | null>(null);
  listingError = $state.raw<Error | null>(null);
  loaded = $state.raw<Loaded | null>(null);
  loadError = $state.raw<Error | null>(null);
  busy = $state(false);
  atlas = $state.raw<Atlas | null>(null);
  /** A sheet so large that it is only loaded when asked for: its size in words, or empty if that is not known. */
  atlasAsks = $state<string | null>(null);
  atlasError = $state<string | null>(null);
  /** Somebody asked for a sheet of pictures in spite of its size. */
  picturesAnyway = $state(false);
  neighbours = $state.raw<Neighbours | null>(null);
  neighboursError = $state.raw<Error | null>(null);
  hovered = $state(-1);
  #selection = $state.raw<readonly number[]>(decodeIndices(url.get("selected") ?? ""));
  #isolated = $state.raw<readonly number[] | null>(someIndices(url.get("only")));
  #viewTimer: ReturnType<typeof setTimeout> | undefined;
  #view = $state.raw<View>(decodeView(url.get("view") ?? "") ?? home);

  run = param("run", "", text);
  tag = param("tag", "", text);
  /** The step's number, or the tensor's name where it has none; empty: the newest, also when a newer one comes. */
  step = param("step", "", text);
  sphereize = param("sphereize", false, flag);
  flat = param("flat", false, flag);
  axes = ["x", "y", "z"].map((axis, at) => param(axis, at, number));
  color = param("color", null, optional(text));
  label = param("label", null, optional(text));
  asGradient = param("as_gradient", false, flag);
  gradient = param<Gradient>("gradient", "viridis", word(gradients));
  labels = param("labels", null, optional(word(labelModes)));
  drawing = param("draw", null, optional(word(drawings)));
  size = param("size", 1, number);
  point = param("point", -1, number);
  metric = param<Metric>("metric", "cosine", word(["cosine", "euclidean"] as const));
  count = param("neighbours", 20, number);
  query = param("q", "", text);
  queryField = param("q_field", "", text);
  regex = param("regex", false, flag);

  // Whatever the address holds is read through values that only change when they differ: turning the cloud changes the address all the
  // time, and must not compute anything anew.
  wantsSphere = $derived(this.sphereize.value);
  isFlat = $derived(this.flat.value);
  wantedMetric = $derived(this.metric.value);
  wantedCount = $derived(Math.max(1, Math.min(10_000, Math.round(this.count.value))));
  #wantedColor = $derived(this.color.value);
  #wantedLabel = $derived(this.label.value);
  #wantedGradient = $derived(this.gradient.value);
  #wantsGradient = $derived(this.asGradient.value);
  #wantedQuery = $derived(this.query.value);
  #wantsRegex = $derived(this.regex.value);
  #axisNumbers = $derived(this.axes.map((axis) => axis.value).join());

  /** Which version of the files the page has asked for. */
  version = $derived(live.version("projector", configTag));
  groups = $derived(groupEntries(this.listing?.embeddings ?? []));
  group = $derived(
    this.groups.find((group) => group.run === this.run.value && group.tag === this.tag.value) ??
      this.groups.find((group) => group.run === this.run.value) ??
      this.groups[0] ??
      null,
  );
  entry = $derived(
    this.group?.entries.find((entry) => stepWord(entry) === this.step.value) ??
      this.group?.entries.at(-1) ??
      null,
  );

  projection = $derived(this.loaded?.projection ?? null);
  fields = $derived(this.loaded?.metadata.columns ?? []);
  pointCount = $derived(this.projection?.shape[0] ?? 0);
  #most = $derived(this.projection?.components.length ?? 0);
  /** Indices of the components on the axes; the third is left out in the plane. */
  shownAxes = $derived(
    this.#axisNumbers
      .split(",")
      .slice(0, this.isFlat ? 2 : 3)
      .map(Number)
      .map((axis, at) => (Number.isInteger(axis) && axis >= 0 && axis < Math.max(this.#most, 3) ? axis : at)),
  );
  positions = $derived(this.projection ? positionsOf(this.projection, this.shownAxes) : new Float32Array());

  colorField = $derived(this.#fieldOf(this.#wantedColor, firstColored(this.fields)));
  labelField = $derived(this.#fieldOf(this.#wantedLabel, this.fields[0] ?? null));
  coloring = $derived(coloringOf(this.colorField, this.#wantsGradient, this.#wantedGradient, settings.dark));

  searchField = $derived(
    this.fields.find((field) => field.name === this.queryField.value) ??
      this.labelField ??
      this.fields[0] ??
      null,
  );
  /** Points that the search finds; null without a search, or for a pattern that is none. */
  found = $derived(
    this.#wantedQuery && this.searchField
      ? matching(this.searchField, this.#wantedQuery, this.#wantsRegex)
      : null,
  );
  badPattern = $derived(this.#wantedQuery !== "" && this.searchField !== null && this.found === null);
  /** The point whose card is open; -1 for none. */
  focus = $derived(
    this.point.value < this.pointCount && Number.isInteger(this.point.value) ? this.point.value : -1,
  );
  /** The points that stand out: what is searched for, else what was selected. */
  selection = $derived(this.found ?? this.#selection.filter((index) => index < this.pointCount));
  /** The points that are drawn alone; null: all are. */
  isolated = $derived.by(() => {
    const kept = this.#isolated?.filter((index) => index < this.pointCount) ?? [];
    return kept.length > 0 ? kept : null;
  });

  ways = $derived<Drawing[]>(
    !this.atlas ? ["points"] : this.atlas.ground ? [...drawings] : ["points", "pictures"],
  );
  /** How points are drawn: as asked, as far as there are pictures. */
  drawn = $derived.by<Drawing>(() => {
    const wanted = this.drawing.value;
    if (wanted && this.ways.includes(wanted)) return wanted;
    if (wanted !== null && wanted !== "points") return this.ways.at(-1)!;
    return wanted ?? (this.pointCount <= 20_000 ? this.ways.at(-1)! : "points");
  });
  labelMode = $derived.by<LabelMode>(() => {
    if (this.labels.value) return this.labels.value;
    const groups = this.coloring.kind === "categories" ? this.coloring.field.values.length : Infinity;
    if (groups <= 24 && this.pointCount > 3 * groups) return "groups";
    return this.labelField && this.pointCount <= 5000 ? "points" : "off";
  });

  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#view = view;
    clearTimeout(this.#viewTimer);
    this.#viewTimer = setTimeout(() => url.set({ view: view === home ? null : encodeView(view) }), 250);
  }

  /** What a point is called. */
  nameOf(index: number): string {
    return (this.labelField && valueOf(this.labelField, index)) || String(index);
  }

  select(indices: readonly number[]): void {
    this.#selection = indices;
    if (this.query.value) this.query.value = "";
    url.set({ selected: encodeIndices(indices) });
  }

  askForPictures(): void {
    this.picturesAnyway = true;
  }

  /** In the plane or in space. */
  setFlat(flat: boolean): void {
    this.flat.value = flat;
    this.view = { ...home, yaw: this.#view.yaw, pitch: this.#view.pitch };
  }

  /** Draws these points alone; null draws all. */
  isolate(indices: readonly number[] | null): void {
    this.#isolated = indices?.length ? indices : null;
    url.set({ only: encodeIndices(this.#isolated ?? []) });
  }

  /** Steps through the embeddings of the tag. */
  moveStep(by: number): void {
    const entries = this.group?.entries ?? [];
    const at = entries.indexOf(this.entry!);
    const next = entries[Math.max(0, Math.min(entries.length - 1, at + by))];
    if (next) this.showEntry(next);
  }

  /** Shows an embedding of the group; the newest one is followed. */
  showEntry(entry: Entry): void {
    this.step.value = entry === this.group?.entries.at(-1) ? "" : stepWord(entry);
  }

  showGroup(run: string, tag: string): void {
    url.set({ run, tag, step: null });
  }

  async refresh(signal: AbortSignal): Promise<void> {
    try {
      this.listing = await getListing(signal);
      this.listingError = null;
    } catch (error) {
      if (!isAbort(error)) this.listingError = asError(error);
    }
  }

  /** Loads an embedding; what is shown stays until it is there. */
  async load(entry: Entry, sphereize: boolean, signal: AbortSignal): Promise<void> {
    const before = this.loaded;
    const fresh = before === null || before.entry.run !== entry.run || before.entry.name !== entry.name;
    this.busy = fresh;
    try {
      const [projection, metadata] = await Promise.all([
        getProjection(entry, sphereize, signal),
        getMetadata(entry, signal),
      ]);
      const same =
        before !== null &&
        before.entry.run === entry.run &&
        before.entry.tag === entry.tag &&
        samePoints(before.metadata, metadata, before.projection.shape[0], projection.shape[0]);
      if (same) alignSigns(before.projection, projection);
      this.loadError = null;
      const unchanged =
        !fresh &&
        same &&
        sameProjection(before.projection, projection) &&
        sameSprite(before.metadata, metadata);
      if (unchanged) return;
      if (before && fresh && !same) {
        this.#selection = [];
        this.isolate(null);
        this.picturesAnyway = false;
        url.set({ point: null, selected: null });
      }
      this.loaded = { entry, projection, metadata, same };
    } catch (error) {
      if (isAbort(error)) return;
      this.loadError = asError(error);
      this.loaded = null;
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }

  /** Loads the sheet of pictures. @param anyway whatever its size. */
  async loadPictures(loaded: Loaded, signal: AbortSignal, anyway: boolean): Promise<void> {
    const { entry, metadata, projection } = loaded;
    this.atlasAsks = this.atlasError = null;
    const sprite = metadata.sprite;
    if (!entry.tile || !sprite) {
      this.atlas = null;
      return;
    }
    const [width, height] = sprite.size ?? [Infinity, Infinity];
    if (!anyway && width * height > maxPixels) {
      this.atlas = null;
      this.atlasAsks = sprite.size ? `${width} × ${height} px` : "";
      return;
    }
    try {
      const atlas = await loadAtlas(spriteUrl(entry, sprite), entry.tile, projection.shape[0]);
      if (!signal.aborted) this.atlas = atlas;
    } catch (error) {
      if (signal.aborted) return;
      this.atlas = null;
      this.atlasError = asError(error).message;
    }
  }

  async loadNeighbours(
    entry: Entry,
    index: number,
    count: number,
    metric: Metric,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      this.neighbours = index < 0 ? null : await getNeighbours(entry, index, count, metric, signal);
      this.neighboursError = null;
    } catch (error) {
      if (isAbort(error)) return;
      this.neighbours = null;
      this.neighboursError = asError(error);
    }
  }

  #fieldOf(name: string | null, fallback: Field | null): Field | null {
    if (name === noField) return null;
    return this.fields.find((field) => field.name === name) ?? fallback;
  }
}

/** How the address names an embedding within its group. */
export function stepWord(entry: Entry): string {
  return entry.step === null ? entry.name : String(entry.step);
}

function sameSprite(a: Metadata, b: Metadata): boolean {
  return a.sprite?.version === b.sprite?.version;
}

function someIndices(text: string | null): readonly number[] | null {
  const indices = decodeIndices(text ?? "");
  return indices.length > 0 ? indices : null;
}

/** Null stands for what the room chooses itself, which no address names. */
function optional<T>(codec: Codec<T>): Codec<T | null> {
  return { encode: (value) => (value === null ? "" : codec.encode(value)), decode: codec.decode };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
