/** Where a chart stands in the notebook's page: its image, which is what a saved notebook keeps, gives way to it. */

/**
 * Draws in every element of the page that names the chart, those to come too: outputs are scrolled in and out, and shown twice.
 *
 * @param draw draws in an empty element; returns what ends that.
 */
export function fillPlaces(place: string, draw: (element: HTMLElement) => () => void): () => void {
  const drawn = new Map<Element, () => void>();
  let asked = 0;

  function look(): void {
    asked = 0;
    for (const [element, end] of drawn) {
      if (element.isConnected) continue;
      end();
      drawn.delete(element);
    }
    for (const element of document.querySelectorAll(`[data-cupola-chart="${CSS.escape(place)}"]`))
      if (!drawn.has(element)) drawn.set(element, drawIn(element, draw));
  }

  const observer = new MutationObserver(() => {
    asked ||= requestAnimationFrame(look);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  look();
  return () => {
    observer.disconnect();
    cancelAnimationFrame(asked);
    for (const end of drawn.values()) end();
  };
}

function drawIn(element: Element, draw: (element: HTMLElement) => () => void): () => void {
  const image = element.querySelector("img");
  const chart = document.createElement("div");
  element.append(chart);
  const end = draw(chart);
  if (image) image.hidden = true;
  return () => {
    end();
    chart.remove();
    if (image) image.hidden = false;
  };
}
