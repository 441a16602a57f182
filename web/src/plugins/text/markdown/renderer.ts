import { Renderer, type Tokens } from "marked";
import { followed, isHtml, isImageAddress, tagHtml, type TagToken } from "./elements";

/** HTML of a log's Markdown. What cannot be shown for what it looks like stands as it was logged. */
export class LogRenderer extends Renderer {
  override html(token: Tokens.HTML | Tokens.Tag): string {
    const tag = token as unknown as TagToken;
    return isHtml(tag) ? tagHtml(tag) : escape(tag.raw);
  }

  /** `values[i](x)` and `<extra_id:0>` look like links. */
  override link(token: Tokens.Link): string {
    return followed.test(token.href) ? super.link(token) : escape(token.raw);
  }

  override image(token: Tokens.Image): string {
    return isImageAddress(token.href) ? super.image(token) : escape(token.raw);
  }

  /** The language is part of what was logged. */
  override code({ text, lang }: Tokens.Code): string {
    const language = lang ? `<small>${escape(lang)}</small>\n` : "";
    return `<pre>${language}<code>${escape(text)}\n</code></pre>\n`;
  }

  /** Items keep the numbers that they were logged with. */
  override list(token: Tokens.List): string {
    const name = token.ordered ? "ol" : "ul";
    const items = token.items.map((item) => {
      const number = token.ordered ? /^\s*(\d{1,9})/.exec(item.raw)?.[1] : undefined;
      const value = number === undefined ? "" : ` value="${Number(number)}"`;
      return `<li${value}>${this.parser.parse(item.tokens)}</li>`;
    });
    return `<${name}>${items.join("")}</${name}>\n`;
  }

  /** A list of tasks draws its boxes as letters: forms are not let through. */
  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? "☑ " : "☐ ";
  }
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
