/** What a person prefers, remembered by the browser: theme and language. View state that belongs into a shared address is in url. */

import { language, languages, preferredLanguage, setLanguage, type Language } from "../base/i18n.svelte";
import { remember, remembered } from "../base/storage";

export const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

class Settings {
  #theme = $state<Theme>("system");
  #systemDark = $state(false);

  constructor() {
    const theme = remembered<string>("theme", "system");
    this.#theme = themes.find((known) => known === theme) ?? "system";
    const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    this.#systemDark = system?.matches ?? false;
    system?.addEventListener("change", (event) => {
      this.#systemDark = event.matches;
      this.#apply();
    });
    const chosen = remembered<string>("language", "");
    setLanguage(chosen in languages ? (chosen as Language) : preferredLanguage(navigator.languages));
    this.#apply();
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    remember("theme", theme);
    this.#apply();
  }

  /** Whether the page is dark now; canvases repaint when it changes. Reactive. */
  get dark(): boolean {
    return this.#theme === "dark" || (this.#theme === "system" && this.#systemDark);
  }

  get language(): Language {
    return language();
  }

  set language(next: Language) {
    remember("language", next);
    setLanguage(next);
  }

  /** The canvases read the CSS variables, so the attribute must stand before they repaint. */
  #apply(): void {
    document.documentElement.dataset["theme"] = this.dark ? "dark" : "light";
  }
}

export const settings = new Settings();
