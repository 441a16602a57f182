/** Whether anybody looks at the page. A hidden tab asks for nothing. */

/** Calls `changed` whenever the page is hidden or seen again, until the returned function is called. */
export function onVisibility(changed: (hidden: boolean) => void): () => void {
  const listener = (): void => changed(document.hidden);
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** Calls `act` once somebody looks: now, or when the page is seen again. @returns a function that gives up. */
export function whenVisible(act: () => void): () => void {
  if (!document.hidden) {
    act();
    return () => {};
  }
  const stop = onVisibility((hidden) => {
    if (hidden) return;
    stop();
    act();
  });
  return stop;
}
