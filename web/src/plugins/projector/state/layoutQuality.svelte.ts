/** The quality of a layout that needs no job. */

import { isAbort } from "../../../api/client";
import type { AskedAxis } from "../axes";
import type { Entry } from "../data";
import { getQuality, type Quality } from "../quality";

export class LayoutQuality {
  found = $state.raw<Quality | null>(null);
  busy = $state(false);
  error = $state.raw<Error | null>(null);

  /** What was measured is of another layout now. */
  clear(): void {
    this.found = this.error = null;
    this.busy = false;
  }

  async measure(
    entry: Entry,
    axes: readonly AskedAxis[],
    sphereize: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    this.busy = true;
    try {
      const found = await getQuality(entry, axes, sphereize, signal);
      if (signal?.aborted) return;
      this.found = found;
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    } finally {
      if (!signal?.aborted) this.busy = false;
    }
  }
}
