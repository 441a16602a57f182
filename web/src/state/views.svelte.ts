/**
 * Views of this log: the last one, which a bare address opens again, and those with names. A view is the address' hash; the server keeps them
 * by log directory (state/kept).
 */

import { ApiError } from "../api/client";
import type { KeptView, ViewsProblem } from "../api/views";
import { kept } from "./kept.svelte";
import { undo } from "./undo.svelte";
import { url, type View } from "./url.svelte";

class Views {
  #settled = $state(false);
  #restored = $state(false);
  #error = $state.raw<Error | null>(null);
  #followed = 0;

  /** True once it is known whether there is a last view to open. Reactive. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Whether what is shown is the last view, opened by itself and not yet changed or dismissed. Reactive. */
  get restored(): boolean {
    return this.#restored;
  }

  /** Names in the order in which people look for them. Reactive. */
  #names = $derived(
    Object.keys(kept.views.named).sort((a, b) => a.localeCompare(b, undefined, { numeric: true })),
  );

  get names(): readonly string[] {
    return this.#names;
  }

  /** Name of the view that is shown as it was saved; null if none is. Reactive. */
  #shown = $derived.by(() => {
    void url.edits;
    const now = JSON.stringify(url.view);
    return this.#names.find((name) => JSON.stringify(whole(kept.views.named[name]!)) === now) ?? null;
  });

  get shown(): string | null {
    return this.#shown;
  }

  /** Why views are not kept on disk. Reactive. */
  get problems(): readonly ViewsProblem[] {
    return kept.views.problems;
  }

  /** Why it is not known what is kept; null while nothing has failed. Reactive. */
  get error(): Error | null {
    return this.#error;
  }

  /** Asks for what is kept, and opens the last view where the address names none. */
  load = async (): Promise<void> => {
    const bare = url.hash === "#";
    try {
      await kept.load();
      this.#error = null;
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
      // A server that answers so answers no better the next time: the page does without.
      this.#settled = error instanceof ApiError;
      return;
    }
    const { last } = kept.views;
    if (bare && url.room === "" && last && last.hash !== "#") {
      url.restore(whole(last), false);
      this.#restored = last.hash.includes("?") || (last.others ?? []).length > 0;
    }
    this.#followed = url.edits;
    this.#settled = true;
  };

  /** Keeps what is shown as the last view; call inside an effect. What an address brought is not kept before something is changed. */
  follow(): void {
    const edits = url.edits;
    if (!this.#settled || edits === this.#followed) return;
    this.#followed = edits;
    this.#restored = false;
    kept.change({ last: url.view });
  }

  /** The restored view is what the person wants: says no more of it. */
  accept(): void {
    this.#restored = false;
  }

  /** Shows the open room as if nothing had ever been changed. */
  reset(): void {
    this.#restored = false;
    undo.record("");
    url.restore({ hash: `#${encodeURIComponent(url.room)}`, others: [] });
  }

  /** Saves what is shown, in place of a view that has this name. */
  save(name: string): void {
    kept.change({ named: { [name]: url.view } });
  }

  open(name: string): void {
    const view = kept.views.named[name];
    if (!view) return;
    this.#restored = false;
    undo.record("");
    url.restore(whole(view));
  }

  rename(from: string, to: string): void {
    const view = kept.views.named[from];
    if (view && from !== to) kept.change({ named: { [from]: null, [to]: view } });
  }

  /** @returns what brings it back. */
  remove(name: string): () => void {
    const view = kept.views.named[name];
    kept.change({ named: { [name]: null } });
    return () => view && kept.change({ named: { [name]: view } });
  }
}

function whole(view: KeptView): View {
  return { hash: view.hash, others: view.others ?? [] };
}

export const views = new Views();
