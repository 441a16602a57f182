/** A filter that a person types and the address holds. */

import { detached } from "../base/detached.svelte";
import { makePattern, type Pattern } from "../base/pattern";
import { url } from "./url.svelte";

/** `value` is what is typed (to bind), `problem` what is wrong with it; `test` stays that of the last expression that was one. */
export interface PatternParam extends Pattern {
  value: string;
}

/** @example const filter = patternParam("tags"); … tags.filter((tag) => filter.test(tag)) // reactive */
export function patternParam(key: string): PatternParam {
  return detached(() => {
    let lastGood = makePattern("");
    const typed = $derived(makePattern(url.get(key) ?? ""));
    const inForce = $derived(typed.problem === null ? (lastGood = typed) : lastGood);
    return {
      get value() {
        return url.get(key) ?? "";
      },
      set value(next) {
        url.set({ [key]: next || null });
      },
      get problem() {
        return typed.problem;
      },
      test: (text) => inForce.test(text),
    };
  });
}
