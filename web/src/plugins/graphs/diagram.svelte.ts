/** The diagram of a graph as it is opened now: laid out by the worker, the newest one only. */

import { isAbort } from "../../api/client";
import { compose, specsOf, type Diagram } from "./draw/diagram";
import type { Measure } from "./draw/measure";
import { LayoutWorker } from "./layout/client";
import type { Scene } from "./model/scene";
import { t } from "./words";

/** A shorter layout needs no word. */
const patience_ms = 250;

export class LiveDiagram {
  /** The last one that was laid out; null before the first. */
  #current = $state.raw<Diagram | null>(null);
  #isWaiting = $state(false);
  #problem = $state<string | null>(null);

  /**
   * Follows a scene; call in a component, with which it ends.
   *
   * @param arrive called with each new diagram before it is shown.
   */
  constructor(scene: () => Scene, measure: Measure, arrive: (diagram: Diagram) => void) {
    const worker = new LayoutWorker();
    let newest = 0;
    $effect(() => {
      const wanted = scene();
      const round = ++newest;
      const timer = setTimeout(() => (this.#isWaiting = round === newest), patience_ms);
      worker
        .layout(specsOf(wanted, measure))
        .then((layouts) => {
          if (round !== newest) return;
          const diagram = compose(wanted, layouts);
          arrive(diagram);
          this.#current = diagram;
          this.#problem = null;
        })
        .catch((error: unknown) => {
          if (round !== newest || isAbort(error)) return;
          this.#problem = t().failedLayout(error instanceof Error ? error.message : String(error));
        })
        .finally(() => {
          clearTimeout(timer);
          if (round === newest) this.#isWaiting = false;
        });
    });
    $effect(() => () => worker.stop());
  }

  get current(): Diagram | null {
    return this.#current;
  }

  /** Whether a newer one is on its way, and has been for a while. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Why the newest one could not be laid out; the one before it stays. */
  get problem(): string | null {
    return this.#problem;
  }
}
