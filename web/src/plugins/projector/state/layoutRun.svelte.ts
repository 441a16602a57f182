/** The layout that is asked for: what it would take, how far it is, and its newest frame. */

import { ConnectionError, isAbort } from "../../../api/client";
import type { Entry } from "../data";
import {
  controlLayout,
  getFrame,
  getPlan,
  isFinal,
  spread,
  startLayout,
  type JobAction,
  type Plan,
  type Progress,
  type Settings,
} from "../layouts";
import type { Fitted } from "../method";

/** After a connection broke it is tried again. */
const retry_ms = 1000;

export class LayoutRun {
  plan = $state.raw<Plan | null>(null);
  /** Newer than the plan's. */
  progress = $state.raw<Progress | null>(null);
  /** Of all points; null before the first frame. */
  coordinates = $state.raw<Float32Array[] | null>(null);
  /** How many points are fitted; the others are not drawn. */
  fitted = $state(0);
  error = $state.raw<Error | null>(null);
  /** Grows when a layout is to be asked for anew. */
  #asked = $state(0);

  /** Depends on what should make `follow` ask again. */
  get asked(): number {
    return this.#asked;
  }

  /** Asks what is kept of a layout, and follows it while it is computed. Starts none. */
  async follow(entry: Entry, method: Fitted, settings: Settings, signal: AbortSignal): Promise<void> {
    try {
      const plan = await getPlan(entry, method, settings, signal);
      if (plan.id !== this.plan?.id) this.coordinates = null;
      this.plan = this.progress = plan;
      this.error = null;
      if (plan.state !== "absent") await this.#frames(plan, signal);
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  /** Nothing is followed any more. */
  clear(): void {
    this.plan = this.progress = this.coordinates = this.error = null;
  }

  async start(entry: Entry, method: Fitted, settings: Settings): Promise<void> {
    await this.#tell(() => startLayout(entry, method, settings));
    this.#asked++;
  }

  async control(action: JobAction): Promise<void> {
    const { plan } = this;
    if (plan) await this.#tell(() => controlLayout(plan.id, action));
  }

  async #tell(say: () => Promise<Progress>): Promise<void> {
    try {
      this.progress = await say();
      this.error = null;
    } catch (error) {
      this.error = error as Error;
    }
  }

  async #frames(plan: Plan, signal: AbortSignal): Promise<void> {
    let news = -1;
    for (;;) {
      try {
        const frame = await getFrame(plan.id, news, signal);
        this.error = null;
        this.progress = frame;
        if (frame.coordinates.length > 0 && frame.news !== news) {
          this.fitted = frame.coordinates[0]!.length;
          this.coordinates = spread(frame.coordinates, frame.rows, plan.shape[0]);
        }
        news = frame.news;
        if (isFinal(frame.state)) return;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        this.error = error;
        await new Promise((resolve) => setTimeout(resolve, retry_ms));
        signal.throwIfAborted();
      }
    }
  }
}
