/** A step's number, or several, with the word: `step 700`; in Chinese `步数 700` would be a count. */

import { messages } from "./i18n.svelte";

/** @param step as `formatStep` gives it. */
export const stepLabel = (step: string): string => t()(step);

const t = messages<(step: string) => string>({
  en: (step) => `step ${step}`,
  "zh-CN": (step) => `第 ${step} 步`,
});
