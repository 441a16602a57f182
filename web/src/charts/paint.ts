/**
 * One queue for all canvases of the page. A frame draws as many as fit into its budget and leaves the rest to the next, so that scrolling
 * through a hundred heavy charts never stops.
 */

const budget_ms = 10;

const queue = new Set<() => void>();
let scheduled = 0;

/** Draws before the next frames; a job that waits already is not queued twice, so pass the same function each time. */
export function requestPaint(job: () => void): void {
  queue.add(job);
  scheduled ||= requestAnimationFrame(paint);
}

/** Takes a job out, as when its canvas goes away. */
export function cancelPaint(job: () => void): void {
  queue.delete(job);
}

function paint(): void {
  scheduled = 0;
  const start = performance.now();
  for (const job of queue) {
    queue.delete(job);
    try {
      job();
    } catch (error) {
      // One chart's failure must not leave the others blank.
      reportError(error);
    }
    if (performance.now() - start > budget_ms) break;
  }
  if (queue.size) scheduled ||= requestAnimationFrame(paint);
}
