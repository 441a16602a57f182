/** How many device pixels are drawn for each CSS pixel: fewer while the camera moves and drawing is slow, all again when it rests. */

const rest_ms = 180;
/** A frame that takes longer than this is slow; a pause much longer is no frame. */
const slow_ms = 60;
const pause_ms = 480;
const least = 0.4;

export class AdaptiveRatio {
  #share = 1;
  #drawn_ms = 0;
  #moved_ms = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onRest is called when the picture should be drawn in full once more. */
  constructor(readonly onRest: () => void) {}

  moved(): void {
    this.#moved_ms = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#share = 1;
      this.onRest();
    }, rest_ms);
  }

  /** The ratio to draw the next frame with. */
  next(): number {
    const now_ms = performance.now();
    const waited_ms = now_ms - this.#drawn_ms;
    this.#drawn_ms = now_ms;
    if (now_ms - this.#moved_ms < rest_ms && waited_ms > slow_ms && waited_ms < pause_ms)
      this.#share = Math.max(least, this.#share * 0.8);
    return Math.min(2, globalThis.devicePixelRatio || 1) * this.#share;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
