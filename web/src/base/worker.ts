/**
 * Workers under the page's Content-Security-Policy, which takes no plain string for the address of a script (Trusted Types).
 *
 * @example
 * import address from "./worker.ts?worker&url";
 * const worker = startWorker(address);
 */
export function startWorker(address: string): Worker {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin)
    throw new Error(`a worker from ${url.origin}; wanted one of this page's own`);
  return new Worker(scriptUrl(url.href), { type: "module" });
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

let policy: { createScriptURL(url: string): string } | null = null;

function scriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  // A policy's name may be taken once only, so all workers share this one; the server's policy names it.
  policy ??= trustedTypes.createPolicy("cupola", { createScriptURL: (own) => own });
  return policy.createScriptURL(url);
}
