/** The last word on HTML from a log: only the listed elements and attributes, no address that is asked for, no space between blocks. */

import DOMPurify from "dompurify";
import { attributes, elements, embedded, followed, isBlock, isImageAddress } from "./elements";

/** @param remoteImage words for an image that is not loaded, given the host it lies on. */
export function sanitize(html: string, remoteImage: (host: string) => string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: [...elements],
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll("a")) sanitizeLink(link);
  for (const image of fragment.querySelectorAll("img")) replaceRemote(image, remoteImage);
  for (const table of fragment.querySelectorAll("table")) frame(table);
  trimBlocks(fragment);
  return fragment;
}

function sanitizeLink(link: HTMLAnchorElement): void {
  if (!followed.test(link.getAttribute("href") ?? "")) {
    link.removeAttribute("href");
    return;
  }
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
}

function replaceRemote(image: HTMLImageElement, words: (host: string) => string): void {
  const source = image.getAttribute("src") ?? "";
  if (embedded.test(source)) return;
  const link = document.createElement("a");
  link.className = "remote";
  if (isImageAddress(source)) {
    link.href = source;
    sanitizeLink(link);
    link.textContent = `${image.alt ? `${image.alt} · ` : ""}${words(hostOf(source))}`;
  } else link.textContent = image.alt;
  // An image without words whose address leads nowhere leaves nothing behind.
  if (link.textContent) image.replaceWith(link);
  else image.remove();
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address.slice(0, 60);
  }
}

/** A wide table scrolls in its own frame and not the card. */
function frame(table: HTMLTableElement): void {
  const frame = document.createElement("div");
  frame.className = "frame";
  table.replaceWith(frame);
  frame.append(table);
}

/**
 * Takes away the line ends that only separate blocks, and paragraphs that are left empty. The line ends of a text are shown, so these
 * would be too.
 */
function trimBlocks(fragment: DocumentFragment): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  for (const text of found) {
    if (text.parentElement?.closest("pre")) continue;
    if (isEdge(text.previousSibling, text.parentNode)) text.data = text.data.replace(/^\s*\n/, "");
    if (isEdge(text.nextSibling, text.parentNode)) text.data = text.data.replace(/\n\s*$/, "");
    if (!text.data) text.remove();
  }
  for (const paragraph of fragment.querySelectorAll("p")) {
    if (!paragraph.hasChildNodes()) paragraph.remove();
  }
}

/** Whether a text begins or ends a line anyway, because of what stands there: a block, or nothing in a block. */
function isEdge(sibling: Node | null, parent: Node | null): boolean {
  return (
    isBlock.has((sibling ?? parent)?.nodeName.toLowerCase() ?? "") ||
    (!sibling && parent instanceof DocumentFragment)
  );
}
