/** The server's words for what is wrong with an embedding's files, in the page's language. */

import type { Facts } from "../../api/client";
import { language } from "../../base/i18n.svelte";
import { whenLoaded } from "../../base/parts";
import type * as Words from "./problemWords";

/** As the server says it: a sentence in English, the code of its kind, and what it tells of this case. */
export interface Problem {
  message: string;
  code?: string;
  facts?: Facts;
}

let words = $state.raw<typeof Words | null>(null);

/** What to tell of an error. Reactive: in English until the other language's words have come. */
export function problemText(problem: Problem): string {
  const { message, code, facts } = problem;
  if (!code || language() === "en") return message;
  if (!words)
    whenLoaded(
      () => import("./problemWords"),
      (loaded) => (words = loaded),
    );
  return words?.problemWords[code]?.(facts ?? {}) ?? message;
}
