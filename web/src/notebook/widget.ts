/** An anywidget: its parts are named and called as https://anywidget.dev/en/afm/ says. */

import { mount, unmount } from "svelte";
import themeCss from "../theme.css?inline";
import { watchDark } from "./dark";
import { type ChartModel, Source } from "./source.svelte";
import { fillPlaces } from "./places";
import NotebookChart from "./NotebookChart.svelte";

interface RenderProps {
  model: ChartModel;
  el: HTMLElement;
}

/** In a shadow root neither the notebook's styles change the chart nor the chart's the notebook. */
function render({ model, el }: RenderProps): () => void {
  const root = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `${themeCss.replaceAll(/:root(\[[^\]]*\])?/g, (_, which?: string) => (which ? `:host(${which})` : ":host"))}
:host { display: block; color: var(--text); background: var(--surface); font: 13px/1.4 var(--font); font-variant-numeric: tabular-nums; }`;
  root.append(style);
  const source = new Source(model);
  const stopWatching = watchDark(el, (dark) => {
    source.dark = dark;
    el.dataset["theme"] = dark ? "dark" : "light";
  });
  const chart = mount(NotebookChart, { target: root, props: { source } });
  return () => {
    stopWatching();
    source.stop();
    void unmount(chart);
  };
}

/** Without a view of its own a chart stands where its image does. */
function initialize({ model }: Omit<RenderProps, "el">): (() => void) | undefined {
  const place = model.get("place");
  return place ? fillPlaces(place, (el) => render({ model, el })) : undefined;
}

export default { initialize, render };
