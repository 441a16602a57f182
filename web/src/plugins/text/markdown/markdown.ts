/**
 * Markdown from a log, made harmless. marked makes HTML of it, DOMPurify keeps what is on a short list, and what would reach out of the
 * page becomes plain. No letter of the text is lost; what is nested too deep or would cost too much is not drawn at all.
 *
 * The result is a fragment, never a string of HTML: nothing here asks for a Trusted Types policy but DOMPurify itself.
 */

import { Marked, Parser } from "marked";
import { matchTags } from "./elements";
import { LogLexer, maxDepth } from "./lexer";
import { LogRenderer } from "./renderer";
import { sanitize } from "./sanitize";

/** A text of more elements than this would stop the page. */
export const maxElements = 10_000;

/** marked's own settings, of an instance of its own: what others set on the library's is not taken over. */
const options = new Marked({ gfm: true }).defaults;

/**
 * @param remoteImage words for an image that is not loaded, given the host it lies on.
 * @returns null for a text that is nested too deep or too large to be drawn: show it as it is.
 */
export function renderMarkdown(text: string, remoteImage: (host: string) => string): DocumentFragment | null {
  if (isJson(text)) return codeBlock(text);
  const html = toHtml(text);
  return html === null ? null : sanitize(html, remoteImage);
}

function toHtml(text: string): string | null {
  try {
    // NUL and zero-width marks at the beginning would make marked take the first line for something else.
    const tokens = new LogLexer({ ...options }).lex(text.replace(/^[\u200B-\u200F\uFEFF]+/, ""));
    matchTags(tokens, maxDepth);
    const html = new Parser({ ...options, renderer: new LogRenderer() }).parse(tokens);
    return html.split("<").length > 2 * maxElements ? null : html;
  } catch {
    // Our own bounds, or a limit of marked's regular expressions: either way the text is no Markdown that somebody wrote to be drawn.
    return null;
  }
}

/** Whether the whole text is one JSON object or list. */
function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function codeBlock(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const block = document.createElement("pre");
  block.append(document.createElement("code"));
  block.firstElementChild!.textContent = text;
  fragment.append(block);
  return fragment;
}
