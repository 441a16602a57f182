/** Lays scopes out off the page's thread. */

import { layoutScopes, type ScopeSpec } from "./layout";

self.onmessage = (event: MessageEvent<{ id: number; specs: ScopeSpec[] }>) => {
  const { id, specs } = event.data;
  try {
    self.postMessage({ id, layouts: layoutScopes(specs) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
