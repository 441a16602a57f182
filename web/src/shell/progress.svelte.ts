/** How far the server has read the log directory, while it reads what was there at its start. */

import { getJson } from "../api/client";
import type { Progress } from "../api/types";
import { formatBytes, formatStep } from "../base/format";
import { formatDuration } from "../base/time";
import { catalog } from "../state/catalog.svelte";
import { t } from "./words";

const pause_ms = 500;

class ReadingProgress {
  #current = $state.raw<Progress | null>(null);

  /** Null while nothing is known, and when all is read. Reactive. */
  get current(): Progress | null {
    return catalog.loading ? this.#current : null;
  }

  /** Asks again and again while the server reads; call in an effect that lives as long as the page. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = !catalog.ready || !catalog.loading;
    const ask = async (): Promise<void> => {
      try {
        if (!document.hidden) this.#current = await getJson<Progress>("api/progress");
      } catch {
        // What is known stays; the live mark says that the server is away.
      }
      if (!stopped) timer = setTimeout(() => void ask(), pause_ms);
    };
    if (!stopped) void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }
}

export const progress = new ReadingProgress();

/** In words: what was read of what there is, and how long the rest takes. */
export function progressText(now: Progress): { share: string; counts: string; rest: string } {
  const share = now.bytes > 0 ? now.bytes_read / now.bytes : 0;
  const rate = now.elapsed_s > 0 ? now.bytes_read / now.elapsed_s : 0;
  return {
    share: `${Math.floor(100 * share)} %`,
    counts: [
      t().filesRead(formatStep(now.files_read), formatStep(now.files)),
      t().bytesRead(formatBytes(now.bytes_read), formatBytes(now.bytes)),
      t().points(formatStep(now.points)),
    ].join(" · "),
    rest: rate > 0 ? t().rate(formatBytes(rate), formatDuration((now.bytes - now.bytes_read) / rate)) : "",
  };
}
