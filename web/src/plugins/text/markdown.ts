/**
 * Markdown from a log, made harmless. marked makes HTML of it, DOMPurify keeps what is on a short list, and what would reach out of the page
 * (pictures elsewhere, addresses of the page itself) becomes plain.
 *
 * The result is a fragment, never a string of HTML: nothing here asks for a Trusted Types policy but DOMPurify itself.
 */

import DOMPurify from "dompurify";
import { Marked } from "marked";

const tags = [
  ..."a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span".split(
    " ",
  ),
  ..."strong sub summary sup table tbody td tfoot th thead tr u ul var".split(" "),
];
const attributes = ["href", "src", "alt", "title", "align", "start", "colspan", "rowspan", "open"];

/** Only addresses that name their place in full may be followed. */
const followed = /^(?:https?:\/\/|mailto:)/i;
const embedded = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;

/** One tag with plainly written attributes, or a bracket that is none. */
const tagOrBracket =
  /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+))?)*)\s*\/?>|[<>]/gi;
const attribute = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;

/**
 * HTML within Markdown with only the tags and attributes of the lists; all else stands as text, as TensorBoard does it.
 *
 * DOMPurify would take it out too, but only after a parser has seen it, and a parser reports each `onerror=` to the console as a breach of
 * the page's policy.
 */
function tameHtml(html: string): string {
  return html.replace(
    tagOrBracket,
    (found: string, slash: string, name: string | undefined, rest: string) => {
      if (!name || !tags.includes(name.toLowerCase())) return escape(found);
      if (slash) return `</${name}>`;
      let kept = "";
      for (const [, key, double, single, bare] of rest.matchAll(attribute)) {
        if (!attributes.includes(key!.toLowerCase())) continue;
        kept += ` ${key}="${(double ?? single ?? bare ?? "").replaceAll('"', "&quot;")}"`;
      }
      return `<${name}${kept}>`;
    },
  );
}

function escape(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => tameHtml(text),
    // A list of tasks draws its boxes as letters: forms are not let through.
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

/**
 * @param remoteImage words for a picture that is not loaded, given the host it lies on.
 */
export function renderMarkdown(text: string, remoteImage: (host: string) => string): DocumentFragment {
  // NUL and zero-width marks at the beginning would make marked take the first line for something else.
  const html = marked.parse(text.replace(/^[\u200B-\u200F\uFEFF]+/, ""), { async: false });
  const fragment = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll("a")) tameLink(link);
  for (const image of fragment.querySelectorAll("img")) tameImage(image, remoteImage);
  for (const table of fragment.querySelectorAll("table")) inFrame(table);
  return fragment;
}

function tameLink(link: HTMLAnchorElement): void {
  if (!followed.test(link.getAttribute("href") ?? "")) {
    link.removeAttribute("href");
    return;
  }
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
}

function tameImage(image: HTMLImageElement, words: (host: string) => string): void {
  const source = image.getAttribute("src") ?? "";
  if (embedded.test(source)) return;
  const link = document.createElement("a");
  link.className = "remote";
  if (/^https?:\/\//i.test(source)) {
    link.href = source;
    tameLink(link);
    link.textContent = `${image.alt ? `${image.alt} · ` : ""}${words(hostOf(source))}`;
  } else link.textContent = image.alt;
  // A picture without words whose address leads nowhere leaves nothing behind.
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
function inFrame(table: HTMLTableElement): void {
  const frame = document.createElement("div");
  frame.className = "frame";
  table.replaceWith(frame);
  frame.append(table);
}
