/** Marks found words with the CSS Custom Highlight API: the text's own nodes are not touched. Where it is missing nothing is marked. */

const marked = new Map<Element, Range[]>();

/** Marks every place in `element` that holds the words, whatever their case; none for an empty query. */
export function highlight(element: Element, query: string): void {
  const ranges: Range[] = [];
  const wanted = query.toLowerCase();
  if (wanted) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && ranges.length < 1000; node = walker.nextNode()) {
      const text = (node.nodeValue ?? "").toLowerCase();
      // Lower case of a few letters has another length: then places would not fit the node.
      if (text.length !== node.nodeValue?.length) continue;
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        ranges.push(range);
      }
    }
  }
  if (ranges.length) marked.set(element, ranges);
  else if (!marked.delete(element)) return;
  apply();
}

/** Takes an element's marks away, as when it leaves the page. */
export function forget(element: Element): void {
  if (marked.delete(element)) apply();
}

function apply(): void {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.set("found", new Highlight(...[...marked.values()].flat()));
}
