/** The page's languages. Each room keeps its own typed table; a missing word does not compile. */

export const languages = { en: "English", "zh-CN": "中文" } as const;
export type Language = keyof typeof languages;

/** The language that a list of browser preferences asks for; English where none is spoken here. */
export function preferredLanguage(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const code = preference.toLowerCase();
    if (code === "zh" || code.startsWith("zh-")) return "zh-CN";
    if (code === "en" || code.startsWith("en-")) return "en";
  }
  return "en";
}

let current = $state<Language>(preferredLanguage(globalThis.navigator?.languages ?? []));

/** The language now; reactive. */
export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/**
 * A table of words in every language.
 *
 * @returns a function that gives the table of the present language; reactive: `{t().title}`.
 *
 * @example
 * const t = messages({
 *   en: { runs: (n: number) => `${n} runs` },
 *   "zh-CN": { runs: (n) => `${n} 个运行` },
 * });
 */
export function messages<T>(tables: { en: T; "zh-CN": NoInfer<T> }): () => T {
  return () => tables[current];
}
