/** Lays scopes out off the page's thread. */

import { layoutScopes } from "./layout";
import type { ScopeSpec } from "./types";

self.onmessage = (event: MessageEvent<{ id: number; specs: ScopeSpec[] }>) => {
  const { id, specs } = event.data;
  try {
    self.postMessage({ id, layouts: layoutScopes(specs) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
