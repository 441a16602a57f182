/**
 * An attachment: what scrolls is reached by Tab, so that the arrow keys scroll it where nothing in it can have the focus. While all of it is
 * seen it is no stop.
 */
export function scrollable(element: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    // A rounded half pixel is no reason to stop there.
    const hidden_px = Math.max(
      element.scrollHeight - element.clientHeight,
      element.scrollWidth - element.clientWidth,
    );
    if (hidden_px > 1) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
  // Its own size, and that of what it holds.
  for (const sized of [element, ...element.children]) observer.observe(sized);
  return () => observer.disconnect();
}
