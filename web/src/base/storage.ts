/** What the browser remembers. Storage may be forbidden or full; then nothing is remembered and nothing breaks. */

const prefix = "cupola.";

export function remembered<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Full or forbidden: see above.
  }
}
