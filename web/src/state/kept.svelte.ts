/**
 * What the server keeps for this user, and changes on their way there: sent together after a moment, and again until they arrive. What it
 * refuses is dropped, and said.
 */

import { changeViews, getViews, type KeptViews, type ViewsChange } from "../api/views";
import { ApiError } from "../api/client";
import { onVisibility } from "../base/visibility";

const pause_ms = 700;
const retry_ms = 5000;

const nothing: KeptViews = { last: null, named: {}, settings: {}, problems: [] };

class Kept {
  #views = $state.raw<KeptViews>(nothing);
  #loaded = $state(false);
  #refusal = $state.raw("");
  #pending: ViewsChange = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    if (globalThis.document) onVisibility((hidden) => hidden && this.#timer !== undefined && this.#send());
    globalThis.addEventListener?.("pagehide", () => this.#timer !== undefined && this.#send());
  }

  /** As the server said last, with what is on its way there. Reactive. */
  get views(): KeptViews {
    return this.#views;
  }

  /** Whether the server has answered. Reactive. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Why the server did not take the last change; empty if it did. Reactive. */
  get refusal(): string {
    return this.#refusal;
  }

  async load(): Promise<void> {
    this.#take(await getViews());
    this.#loaded = true;
  }

  change(change: ViewsChange): void {
    this.#pending = merge(this.#pending, change);
    this.#views = apply(this.#views, change);
    this.#schedule(pause_ms);
  }

  #schedule(wait_ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), wait_ms);
  }

  #send = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sent = this.#pending;
    this.#pending = {};
    changeViews(sent).then(
      (answer) => {
        this.#refusal = "";
        this.#take(answer);
      },
      (error: unknown) => {
        if (error instanceof ApiError) {
          this.#refusal = error.message;
          return;
        }
        this.#pending = merge(sent, this.#pending);
        this.#schedule(retry_ms);
      },
    );
  };

  #take(answer: KeptViews): void {
    this.#views = apply(answer, this.#pending);
  }
}

function merge(first: ViewsChange, then: ViewsChange): ViewsChange {
  const merged = { ...first, ...then };
  if (first.named && then.named) merged.named = { ...first.named, ...then.named };
  if (first.settings && then.settings) merged.settings = { ...first.settings, ...then.settings };
  return merged;
}

function apply(views: KeptViews, change: ViewsChange): KeptViews {
  return {
    ...views,
    last: change.last === undefined ? views.last : change.last,
    named: withoutNull({ ...views.named, ...change.named }),
    settings: withoutNull({ ...views.settings, ...change.settings }),
  };
}

function withoutNull<T>(members: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Record<
    string,
    T
  >;
}

export const kept = new Kept();
