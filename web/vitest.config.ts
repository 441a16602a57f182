import { defineConfig, mergeConfig } from "vitest/config";
import page from "./vite.config.ts";

/** Apart from the page's own, so that a build needs nothing of what tests need. */
export default mergeConfig(
  page,
  defineConfig({
    resolve: { conditions: ["browser"] },
    test: {
      // A second of jsdom is for the files that need a document; they begin with `// @vitest-environment jsdom`.
      environment: "node",
      // A process for each file costs a fifth more.
      pool: "threads",
      // A busy machine is no failure.
      testTimeout: 60_000,
      include: ["src/**/*.test.ts"],
      restoreMocks: true,
    },
  }),
);
