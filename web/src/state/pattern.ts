/** A filter that a person types and the address holds. */

import { makePattern, type Pattern } from "../base/pattern";
import { url } from "./url.svelte";

/** `value` is what is typed (to bind), `problem` what is wrong with it; `test` stays that of the last expression that was one. */
export interface PatternParam extends Pattern {
  value: string;
}

/** @example const filter = patternParam("tags"); … tags.filter((tag) => filter.test(tag)) // reactive */
export function patternParam(key: string): PatternParam {
  let typed = makePattern("");
  let lastGood = typed;
  let text = "";
  function current(): Pattern {
    const now = url.get(key) ?? "";
    if (now === text) return typed;
    typed = makePattern((text = now));
    if (typed.problem === null) lastGood = typed;
    return typed;
  }
  return {
    get value() {
      return url.get(key) ?? "";
    },
    set value(next) {
      url.set({ [key]: next || null });
    },
    get problem() {
      return current().problem;
    },
    test: (name) => (current().problem === null ? typed : lastGood).test(name),
  };
}
