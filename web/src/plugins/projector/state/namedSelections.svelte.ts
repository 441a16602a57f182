/** Selections that have a name, kept by the browser for each run and tag. */

import { remember, remembered } from "../../../base/storage";
import { decodeRule, encodeRule, type Rule } from "../select/rule";

export interface NamedSelection {
  name: string;
  rule: Rule;
}

const most = 100;

export class NamedSelections {
  #place = $state("");
  #list = $state.raw<readonly NamedSelection[]>([]);

  get list(): readonly NamedSelection[] {
    return this.#list;
  }

  /** Takes those of a run and tag. */
  open(run: string, tag: string): void {
    const place = `projector.selections.${JSON.stringify([run, tag])}`;
    if (place === this.#place) return;
    this.#place = place;
    const kept = remembered<unknown>(place, []);
    this.#list = (Array.isArray(kept) ? kept : []).flatMap((entry: unknown) => {
      const [name, text] = Array.isArray(entry) ? (entry as unknown[]) : [];
      const rule = typeof text === "string" ? decodeRule(text) : null;
      return typeof name === "string" && rule ? [{ name, rule }] : [];
    });
  }

  /** Keeps a selection; one of the same name gives way. */
  keep(name: string, rule: Rule): void {
    this.#set([...this.#list.filter((entry) => entry.name !== name), { name, rule }].slice(-most));
  }

  remove(name: string): void {
    this.#set(this.#list.filter((entry) => entry.name !== name));
  }

  #set(list: readonly NamedSelection[]): void {
    this.#list = list;
    const texts = list.flatMap(({ name, rule }) => {
      const text = encodeRule(rule, Infinity);
      return text === null ? [] : [[name, text]];
    });
    remember(this.#place, texts);
  }
}
