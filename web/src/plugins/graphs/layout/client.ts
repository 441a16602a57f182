/** The layout worker, as a promise. */

import { startWorker } from "../../../base/worker";
import type { ScopeLayout, ScopeSpec } from "./layout";
import address from "./worker.ts?worker&url";

interface Answer {
  id: number;
  layouts?: ScopeLayout[];
  error?: string;
}

export class LayoutWorker {
  #worker: Worker | null = null;
  #waiting = new Map<number, { resolve: (layouts: ScopeLayout[]) => void; reject: (error: Error) => void }>();
  #next = 0;

  layout(specs: ScopeSpec[]): Promise<ScopeLayout[]> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker!.postMessage({ id, specs });
    });
  }

  /** Ends the worker, and with it what it has not finished. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = startWorker(address);
    worker.onmessage = (event: MessageEvent<Answer>) => {
      const { id, layouts, error } = event.data;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (layouts) waiting?.resolve(layouts);
      else waiting?.reject(new Error(error ?? "the layout worker gave no layout"));
    };
    worker.onerror = (event) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(event.message || "the layout worker could not be started"));
      this.#waiting.clear();
    };
    return worker;
  }
}
