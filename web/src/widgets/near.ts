/**
 * Tells an element when it comes near the part of the page that is seen, and when it is far again: `{@attach near((is) => …)}`.
 *
 * One observer for all; a thousand cards cost nothing until they are scrolled to.
 */
import type { Attachment } from "svelte/attachments";

const margin_px = 400;

const listeners = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | null = null;

function observe(): IntersectionObserver {
  return (observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: `${margin_px}px 0px` },
  ));
}

export function near(tell: (near: boolean) => void): Attachment {
  return (element) => {
    // The observer speaks a frame later; what is in view when the page opens need not wait for it.
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > -margin_px && top < innerHeight + margin_px) tell(true);
    listeners.set(element, tell);
    observe().observe(element);
    return () => {
      observe().unobserve(element);
      listeners.delete(element);
    };
  };
}
