import type { Attachment } from "svelte/attachments";

/** How far beyond the visible part a card counts as near, so that it is there when it scrolls in. */
const margin = "600px 0px";

const observers = new Map<Element | null, IntersectionObserver>();
const listeners = new WeakMap<Element, (near: boolean) => void>();

/**
 * Tells when an element comes near the visible part of what it scrolls in, and when it leaves: `<div {@attach near((is) => (shown = is))}>`.
 * All elements of one scroller share one observer.
 */
export function near(change: (near: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = observerOf(element.closest("main"));
    listeners.set(element, change);
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      listeners.delete(element);
    };
  };
}

function observerOf(root: Element | null): IntersectionObserver {
  let observer = observers.get(root);
  if (!observer) {
    observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
      },
      { root, rootMargin: margin },
    );
    observers.set(root, observer);
  }
  return observer;
}
