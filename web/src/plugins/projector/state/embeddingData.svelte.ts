/** What is loaded of the embedding that is shown: its projection, metadata, sprite, and the neighbours of one point. */

import { isAbort } from "../../../api/client";
import {
  alignSigns,
  getMetadata,
  getNeighbours,
  getProjection,
  samePoints,
  sameProjection,
  type Entry,
  type Metadata,
  type Metric,
  type Neighbours,
  type Projection,
} from "../data";
import { Columns } from "./columns.svelte";
import { loadSprite, type Sprite } from "../sprite";

export interface Loaded {
  entry: Entry;
  projection: Projection;
  metadata: Metadata;
  /** The same points as before, so that they may move there and stay selected. */
  same: boolean;
}

export class EmbeddingData {
  loaded = $state.raw<Loaded | null>(null);
  error = $state.raw<Error | null>(null);
  busy = $state(false);

  sprite = $state.raw<Sprite | null>(null);
  /** Why there are no images of the points though the config names some. */
  spriteError = $state.raw<Error | null>(null);

  neighbours = $state.raw<Neighbours | null>(null);
  neighboursError = $state.raw<Error | null>(null);

  readonly projection = $derived(this.loaded?.projection ?? null);
  readonly columns = new Columns(() => this.loaded?.metadata.columns ?? []);
  /** All columns, logged, edited and computed. */
  readonly fields = $derived(this.columns.all);
  readonly pointCount = $derived(this.projection?.shape[0] ?? 0);

  /**
   * Loads an embedding; what is shown stays until it is there.
   *
   * @param components the principal components to begin with.
   * @param prepare gets ready what else is to be there when it is shown.
   * @param onOtherPoints is called before others than those shown so far take their place.
   */
  async load(
    entry: Entry,
    sphereize: boolean,
    components: readonly number[],
    prepare: () => Promise<unknown> | undefined,
    onOtherPoints: (before: Entry) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const before = this.loaded;
    const fresh = before === null || before.entry.run !== entry.run || before.entry.name !== entry.name;
    this.busy = fresh;
    try {
      const [projection, metadata] = await Promise.all([
        getProjection(entry, sphereize, components, signal),
        getMetadata(entry, signal),
        prepare(),
      ]);
      const same = before !== null && isSame(before, { entry, projection, metadata });
      if (same) alignSigns(before.projection, projection);
      this.error = null;
      const unchanged = !fresh && same && sameProjection(before.projection, projection);
      if (unchanged && before.metadata.sprite?.version === metadata.sprite?.version) return;
      if (before && fresh && !same) {
        this.columns.forget();
        onOtherPoints(before.entry);
      }
      this.loaded = { entry, projection, metadata, same };
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error as Error;
      this.loaded = null;
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }

  /** Loads components that an axis was turned to and that were not asked for before. */
  async loadComponents(
    loaded: Loaded,
    sphereize: boolean,
    components: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const known = loaded.projection.components;
    const missing = components.filter((at) => known[at] === null);
    if (missing.length === 0) return;
    try {
      const more = await getProjection(loaded.entry, sphereize, missing, signal);
      const found = missing.some((at) => more.components[at]);
      if (!found || this.loaded !== loaded || signal.aborted) return;
      const merged = known.map((column, at) => column ?? more.components[at] ?? null);
      this.loaded = { ...loaded, projection: { ...loaded.projection, components: merged }, same: true };
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  /** Gets ready to show the images of the points, if the config names a sprite. */
  async loadSprite({ entry, metadata }: Loaded, signal: AbortSignal): Promise<void> {
    this.spriteError = null;
    if (!entry.tile && !metadata.sprite) {
      this.sprite = null;
      return;
    }
    try {
      // The points are drawn first: unfolding a sprite takes the server some of the time that its projection does.
      await framesPassed(2);
      if (signal.aborted) return;
      const sprite = await loadSprite(entry, metadata.sprite, signal);
      if (!signal.aborted) this.sprite = sprite;
    } catch (error) {
      if (signal.aborted) return;
      this.sprite = null;
      this.spriteError = error as Error;
    }
  }

  /** Neighbours that were found without the server. */
  setNeighbours(neighbours: Neighbours | null): void {
    this.neighbours = neighbours;
    this.neighboursError = null;
  }

  /** @param index of the point; -1 for none. */
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
      this.neighboursError = error as Error;
    }
  }
}

async function framesPassed(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed++) await new Promise(requestAnimationFrame);
}

function isSame(before: Loaded, next: Omit<Loaded, "same">): boolean {
  return (
    before.entry.run === next.entry.run &&
    before.entry.tag === next.entry.tag &&
    samePoints(before.metadata, next.metadata, before.projection.shape[0], next.projection.shape[0])
  );
}
