/**
 * Parts of the page whose code is loaded when it is wanted: over a connection that may be lost meanwhile, from a server that may be another
 * one by then. Every `import()` goes through here (`parts.test.ts` sees to it), so that none fails as an error that nobody handles.
 */

import { messages } from "./i18n.svelte";

/** `() => import("./Part.svelte")`. Asked again it tries again, unless the part is there. */
export type PartSource<T> = () => Promise<T>;

const t = messages({
  en: { failed: "A part of the page could not be loaded: the server did not send it." },
  "zh-CN": { failed: "页面的一部分未能加载：服务器没有发送它。" },
});

const listeners = new Set<() => void>();
/** Style sheets that did not come: Vite asks for each once, and from then on goes on without. */
const failedStyles = new Set<HTMLLinkElement>();
globalThis.document?.addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") failedStyles.add(target);
  },
  true,
);

/**
 * The part.
 *
 * @throws Error what to tell whoever asked for it, in the page's language.
 */
export async function loadPart<T>(source: PartSource<T>): Promise<T> {
  try {
    await loadStylesAgain();
    return await source();
  } catch (cause) {
    throw new Error(t().failed, { cause });
  }
}

/** Calls `use` with the part as soon as it can be had: without a server, when one is back, and `lacks` meanwhile. */
export function whenLoaded<T>(
  source: PartSource<T>,
  use: (part: T) => void,
  lacks?: (error: Error) => void,
): void {
  loadPart(source).then(use, (error: Error) => {
    lacks?.(error);
    const stop = onReturn(() => {
      stop();
      whenLoaded(source, use, lacks);
    });
  });
}

/** Calls `listener` whenever the server is back after it was away. Returns what ends that. */
export function onReturn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be called when the server is back. */
export function serverReturned(): void {
  for (const listener of [...listeners]) listener();
}

async function loadStylesAgain(): Promise<void> {
  const links = [...failedStyles];
  failedStyles.clear();
  await Promise.all(
    links.map(
      (link) =>
        new Promise((resolve, reject) => {
          const again = link.cloneNode() as HTMLLinkElement;
          again.addEventListener("load", resolve);
          again.addEventListener("error", reject);
          link.replaceWith(again);
        }),
    ),
  );
}
