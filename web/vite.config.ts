import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { licenses } from "./licenses.ts";
import { threeSubset } from "./threeSubset.ts";

/** Where a development server sends `/api`: a `cupola` that runs beside it. */
const api = process.env["CUPOLA_API"] ?? "http://127.0.0.1:6006";

const { page, worker } = licenses("THIRD_PARTY_LICENSES");

export default defineConfig({
  // Relative addresses, so that one build answers under any --path_prefix.
  base: "./",
  plugins: [svelte(), threeSubset(), page],
  build: {
    outDir: "../src/cupola/_web",
    emptyOutDir: true,
    target: "es2022",
    // The Content-Security-Policy allows no data: scripts or styles, and inlined assets would be fetched twice.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What nearly every room needs comes in two files; by default each widget would be a request of its own.
        codeSplitting: {
          groups: [
            // Rooms without cards or charts need the tooltip and the theme too, and the shell what loads rooms. Colours, pan-and-zoom, step
            // sliders and lists to choose from come with the first room that has them, what completes expressions with the first field that does.
            {
              name: "page",
              test: /node_modules\/svelte\/|src\/(base|api|state|widgets)\/(?!color\.|panZoom\.|StepSlider\.|Select\.|worker\.|expression\/complete\.)|src\/(dashboard\/Tooltip|charts\/theme)\.|vite\/preload-helper/,
            },
            { name: "dashboard", test: /src\/dashboard\/(?!points|routes|Player|LinkedSteps)/ },
            // The projector has one without cards: it must not come with those.
            { name: "steps", test: /src\/widgets\/StepSlider\./ },
            // What rooms of points have beyond those of charts.
            { name: "points", test: /src\/dashboard\// },
            {
              name: "charts",
              test: /node_modules\/(d3-|internmap)|src\/charts\/(?!line\/export|svgSurface)/,
            },
            // One file, which compresses best, however many of the projector's parts are loaded later.
            { name: "three", test: /node_modules\/three\// },
          ],
        },
      },
    },
  },
  worker: { format: "es", plugins: () => [worker()] },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": {
        target: api,
        changeOrigin: true,
        // cupola refuses foreign sites; the development server is one.
        configure: (proxy) =>
          proxy.on("proxyReq", (request) => {
            for (const header of ["origin", "referer", "sec-fetch-site"]) request.removeHeader(header);
          }),
      },
    },
  },
});
