/** Whether what surrounds an element is dark: notebooks say it in many ways, and all of them have a background. */

/**
 * Calls `changed` now and whenever the answer is another one.
 *
 * @returns stops.
 */
export function watchDark(element: Element, changed: (dark: boolean) => void): () => void {
  let last: boolean | null = null;
  const look = () => {
    const dark = isDark(element);
    if (dark !== last) changed((last = dark));
  };
  look();
  // A theme is switched by an attribute or a class of the page, or by another style sheet.
  const observer = new MutationObserver(() => requestAnimationFrame(look));
  for (const part of [document.documentElement, document.body]) observer.observe(part, { attributes: true });
  observer.observe(document.head, { childList: true });
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  prefers.addEventListener("change", look);
  // An output is drawn before it is put into the page.
  const soon = requestAnimationFrame(look);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(soon);
    prefers.removeEventListener("change", look);
  };
}

function isDark(element: Element): boolean {
  for (let part: Element | null = element.parentElement; part; part = part.parentElement) {
    const [red, green, blue, alpha] = channels(getComputedStyle(part).backgroundColor);
    if (alpha > 0.5) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Of a computed colour, `rgb(r, g, b)` or `rgba(r, g, b, a)`; others count as transparent. */
function channels(computed: string): [number, number, number, number] {
  const [red, green, blue, alpha = 1] = (/^rgba?\(([^)]*)\)/.exec(computed)?.[1] ?? "")
    .split(/[\s,/]+/)
    .map(Number);
  return [red ?? 0, green ?? 0, blue ?? 0, blue === undefined ? 0 : alpha];
}
