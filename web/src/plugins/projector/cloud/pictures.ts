/**
 * The images of points by level of detail: small ones of all that are in view, and of the foremost ones as large as they are drawn. What is
 * not drawn is not asked for.
 */

import { isAbort } from "../../../api/client";
import { mostTiles, sheetColumns, type Sprite } from "../sprite";
import { Atlas, atlasSide_px } from "./atlas";
import type { Frame } from "./painter";
import type { PointCloud } from "./pointCloud";

/** Places in the fine atlas are told from those in the coarse one by this much. */
export const fineOffset = 1 << 20;
const mostCoarse = 1 << 18;
/** Pixels that one answer may hold, so that the first images come soon. */
const answer_px = 1 << 20;

/** Sizes of the longer side at which images are kept, rising: powers of two, then their own. */
export function levelsOf(tileWidth: number, tileHeight: number): number[] {
  const own = Math.min(atlasSide_px, Math.max(tileWidth, tileHeight));
  const levels: number[] = [];
  for (let size = 4; size < own; size *= 2) levels.push(size);
  return [...levels, own];
}

/** The level to draw at so many pixels: at least as large where there is one. */
export function levelFor(levels: readonly number[], drawn_px: number): number {
  return levels.find((size) => size >= 0.8 * drawn_px) ?? levels.at(-1)!;
}

/** The largest level at which the images of all points have room together; null if none. */
export function coarseLevel(levels: readonly number[], aspect: number, count: number): number | null {
  if (count > mostCoarse) return null;
  const share = Math.min(aspect, 1 / aspect);
  return levels.findLast((size) => count * size * size * share <= atlasSide_px ** 2) ?? null;
}

export class Pictures {
  readonly sprite: Sprite;
  readonly count: number;
  coarse: Atlas | null = null;
  fine: Atlas | null = null;
  readonly #levels: number[];
  readonly #coarseSize: number | null;
  #fineSize = 0;
  readonly #onChange: () => void;
  readonly #onError: (error: Error) => void;
  #loading = new AbortController();
  #wanted = "";

  /**
   * @param count of points.
   * @param onChange is called when images have come.
   */
  constructor(sprite: Sprite, count: number, onChange: () => void, onError: (error: Error) => void) {
    this.sprite = sprite;
    this.count = count;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#levels = levelsOf(sprite.tileWidth, sprite.tileHeight);
    this.#coarseSize = coarseLevel(this.#levels, sprite.aspect, count);
  }

  /** Changes with the images. */
  get version(): string {
    return `${this.#fineSize},${this.coarse?.version ?? -1},${this.fine?.version ?? -1}`;
  }

  /** Where the image of a point is: in the coarse atlas, from `fineOffset` on in the fine one; -1 where it is not there. */
  placeOf(index: number): number {
    const fine = this.fine?.placeOf(index) ?? -1;
    return fine >= 0 ? fine + fineOffset : (this.coarse?.placeOf(index) ?? -1);
  }

  /** Asks for what a frame shows and is not there. @param pixelRatio device pixels per CSS pixel. */
  want(cloud: PointCloud, frame: Frame, pixelRatio: number): void {
    if (frame.drawing !== "images" && frame.drawing !== "ink") return this.stop();
    const size = levelFor(this.#levels, frame.diameter_px * pixelRatio);
    const inView = this.#inView(cloud, frame);
    const isFine = this.#coarseSize === null || size > this.#coarseSize;
    if (isFine && size !== this.#fineSize) {
      this.fine?.dispose();
      this.fine = this.#makeAtlas(size);
      this.#fineSize = size;
    }
    const foremost = isFine ? inView.slice(0, this.fine!.capacity) : [];
    const wanted = `${size} ${inView.length} ${foremost.join()}`;
    if (wanted === this.#wanted) return;
    this.stop();
    this.#wanted = wanted;
    void this.#load(inView, foremost, this.#loading.signal);
  }

  /** Gives up what is on its way. */
  stop(): void {
    this.#loading.abort();
    this.#loading = new AbortController();
    this.#wanted = "";
  }

  dispose(): void {
    this.stop();
    this.coarse?.dispose();
    this.fine?.dispose();
  }

  async #load(inView: readonly number[], foremost: readonly number[], signal: AbortSignal): Promise<void> {
    try {
      if (this.#coarseSize !== null) {
        this.coarse ??= this.#makeAtlas(this.#coarseSize);
        await this.#fill(this.coarse, this.#coarseSize, inView, signal);
      }
      if (this.fine) await this.#fill(this.fine, this.#fineSize, foremost, signal);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.#wanted = "";
      this.#onError(error as Error);
    }
  }

  async #fill(atlas: Atlas, size: number, wanted: readonly number[], signal: AbortSignal): Promise<void> {
    const missing = wanted.filter((index) => atlas.placeOf(index) < 0);
    const kept = new Set(wanted);
    const most = Math.max(1, Math.min(mostTiles, Math.floor(answer_px / size ** 2)));
    for (let start = 0; start < missing.length; start += most) {
      const part = missing.slice(start, start + most);
      const sheet = await this.sprite.tiles(part, size, signal);
      if (signal.aborted) return;
      atlas.add(part, sheet, sheetColumns, kept);
      sheet.close();
      this.#onChange();
    }
  }

  /** The points whose images are in the picture, the foremost first. */
  #inView(cloud: PointCloud, frame: Frame): number[] {
    const projected = cloud.project(frame);
    const found: number[] = [];
    const most = Math.min(this.count, this.sprite.held);
    for (let index = 0; index < most; index++)
      if (projected.isInside(index) && cloud.isShown(index)) found.push(index);
    const { depths } = projected;
    return frame.reference > 0 ? found.sort((a, b) => depths[a]! - depths[b]!) : found;
  }

  #makeAtlas(size: number): Atlas {
    const { tileWidth, tileHeight } = this.sprite;
    const scale = Math.min(1, size / Math.max(tileWidth, tileHeight));
    const side = (length: number): number => Math.max(1, Math.floor(length * scale + 0.5));
    return new Atlas(side(tileWidth), side(tileHeight), this.count);
  }
}
