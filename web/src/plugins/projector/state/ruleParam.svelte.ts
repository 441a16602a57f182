/** A rule in the address. One that is too long for it is kept while the page is open. */

import { url } from "../../../state/url.svelte";
import { decodeRule, encodeRule, type Rule } from "../select/rule";

export class RuleParam {
  readonly #key: string;
  /** The rule, and what stands in the address for it. The object is kept, since areas are looked up once for each. */
  #current = $state.raw<{ text: string; rule: Rule | null }>({ text: "", rule: null });
  #decoded: { text: string; rule: Rule | null } = { text: "", rule: null };

  constructor(key: string) {
    this.#key = key;
  }

  get value(): Rule | null {
    const text = url.get(this.#key) ?? "";
    if (text === this.#current.text) return this.#current.rule;
    if (text !== this.#decoded.text) this.#decoded = { text, rule: decodeRule(text) };
    return this.#decoded.rule;
  }

  set value(rule: Rule | null) {
    const text = (rule && encodeRule(rule)) ?? "";
    this.#current = { text, rule };
    url.set({ [this.#key]: text || null });
  }

  /** Whether the address holds it. */
  get isInAddress(): boolean {
    return this.value === null || (url.get(this.#key) ?? "") !== "";
  }
}
