import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** `cupola.show`'s chart for notebooks: one module with its styles in it, beside the page. */
export default defineConfig({
  // In a shadow root each component brings its own styles.
  plugins: [svelte({ compilerOptions: { css: "injected" } })],
  publicDir: false,
  build: {
    outDir: "../src/cupola/_web/notebook",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/notebook/widget.ts",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "widget.js" },
    },
  },
});
