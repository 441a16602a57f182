/** The layout worker, as a promise. */

import { startWorker } from "../../../base/worker";
import type { ScopeLayout, ScopeSpec } from "./types";
import address from "./worker.ts?worker&url";

interface Answer {
  id: number;
  layouts?: ScopeLayout[];
  error?: string;
}

interface Waiting {
  resolve: (layouts: ScopeLayout[]) => void;
  reject: (error: Error) => void;
}

export class LayoutWorker {
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 0;
  readonly #start: () => Worker;

  /** @param start gives the worker, when it is first needed and again after it failed. */
  constructor(start: () => Worker = () => startWorker(address)) {
    this.#start = start;
  }

  /** Rejects with an `Error` if a scope cannot be laid out or the worker fails, and with an `AbortError` if `stop` comes first. */
  layout(specs: ScopeSpec[]): Promise<ScopeLayout[]> {
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#listen(this.#start()));
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, specs });
    });
  }

  /** Ends the worker. Layouts that it has not finished are rejected with an `AbortError`, as a request is that was given up. */
  stop(): void {
    this.#end(new DOMException("the layout worker was stopped", "AbortError"));
  }

  #listen(worker: Worker): Worker {
    worker.onmessage = (event: MessageEvent<Answer>) => {
      const { id, layouts, error } = event.data;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (layouts) waiting?.resolve(layouts);
      else waiting?.reject(new Error(error ?? "the layout worker gave no layout"));
    };
    // Whether it could not be started or broke later: it answers no more, and the next layout gets a new one.
    worker.onerror = (event) =>
      this.#end(new Error(event.message || "the layout worker could not be started"));
    return worker;
  }

  #end(error: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
