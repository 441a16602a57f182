/** What a person prefers whatever the log: theme and language. View state that belongs into a shared address is in url. */

import { language, languages, preferredLanguage, setLanguage, type Language } from "../base/i18n.svelte";
import { preference } from "./preference.svelte";

export const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

class Settings {
  #theme = preference<Theme>("theme", "system", (kept) => themes.find((known) => known === kept) ?? null);
  /** Null: as the browser prefers. */
  #language = preference<Language | null>("language", null, (kept) =>
    typeof kept === "string" && Object.hasOwn(languages, kept) ? (kept as Language) : null,
  );
  #systemDark = $state(false);

  constructor() {
    const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    this.#systemDark = system?.matches ?? false;
    system?.addEventListener("change", (event) => {
      this.#systemDark = event.matches;
      this.#apply();
    });
    this.#apply();
    // The server may know better what this person prefers than this browser.
    $effect.root(() => {
      $effect.pre(() => this.#apply());
    });
  }

  get theme(): Theme {
    return this.#theme.value;
  }

  set theme(theme: Theme) {
    this.#theme.value = theme;
    this.#apply();
  }

  /** Whether the page is dark now; canvases repaint when it changes. Reactive. */
  get dark(): boolean {
    return this.theme === "dark" || (this.theme === "system" && this.#systemDark);
  }

  get language(): Language {
    return language();
  }

  set language(next: Language) {
    this.#language.value = next;
    this.#apply();
  }

  /** The canvases read the CSS variables, so the attribute must stand before they repaint. */
  #apply(): void {
    document.documentElement.dataset["theme"] = this.dark ? "dark" : "light";
    setLanguage(this.#language.value ?? preferredLanguage(navigator.languages));
  }
}

export const settings = new Settings();
