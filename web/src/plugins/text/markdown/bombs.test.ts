// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { maxElements, renderMarkdown } from "./markdown";

function repeat(text: string, times: number): string {
  return text.repeat(times).slice(0, 200_000);
}

function lines(line: (k: number) => string, count: number): string {
  return Array.from({ length: count }, (_, k) => line(k))
    .join("")
    .slice(0, 200_000);
}

/** Texts that parsers of Markdown and HTML are known to stumble over: deep nesting, and what costs the square of its length. */
const bombs: Record<string, string> = {
  quotes: repeat("> ", 2000),
  "many quotes": `${repeat("> ", 90_000)}x`,
  "lists on one line": `${repeat("- ", 50_000)}x`,
  "nested lists": lines((k) => `${"  ".repeat(k)}- a\n`, 440),
  "quotes of lists": repeat("> - ", 20_000),
  emphasis: `${repeat("*", 50_000)}a${repeat("*", 50_000)}`,
  "emphasis in emphasis": repeat("**a *b ", 20_000),
  "open emphasis": repeat("*a ", 50_000),
  "open brackets": repeat("[", 50_000),
  "nested brackets": `${repeat("[", 40_000)}${repeat("]", 40_000)}(https://a.example)`,
  "open links": repeat("[a](", 30_000),
  "open images": repeat("![", 50_000),
  "crossed brackets": `${repeat("[*", 20_000)}${repeat("*]", 20_000)}`,
  "open references": repeat("[a][", 40_000),
  ticks: lines((k) => `${"`".repeat(k)} `, 400),
  tildes: repeat("~~a", 40_000),
  "open tags": repeat("<details>", 20_000),
  "nested tags": `${repeat("<b>", 20_000)}${repeat("</b>", 20_000)}`,
  "less than": repeat("<", 100_000),
  "half tags": repeat("<a ", 50_000),
  attributes: repeat('<a href="', 20_000),
  definitions: lines((k) => `[${k}]: https://a.example/\n`, 7000),
  "wide table": `${repeat("|a", 5000)}\n${repeat("|-", 5000)}\n${`${repeat("|a", 5000)}\n`.repeat(15)}`,
  addresses: repeat("http://a.", 20_000),
  mails: `${repeat("a@", 50_000)}a.b`,
  backslashes: repeat("\\", 200_000),
  headings: repeat("# a\n", 50_000),
  "JSON lists": repeat("[", 90_000) + repeat("]", 90_000),
};

describe("bombs", () => {
  test.each(Object.entries(bombs))("%s", (_, text) => {
    const fragment = renderMarkdown(text, (host) => host);
    // Null: the room shows the text as it is.
    const elements = fragment?.querySelectorAll("*").length ?? 0;
    expect(elements).toBeLessThanOrEqual(maxElements);
    for (let element = fragment?.querySelector("*"), depth = 0; element; depth++) {
      expect(depth).toBeLessThan(120);
      element = element.lastElementChild;
    }
  });

  test.each(["quotes", "lists on one line", "nested lists", "nested tags", "open tags", "wide table"])(
    "%s are shown as plain text",
    (name) => expect(renderMarkdown(bombs[name]!, (host) => host)).toBeNull(),
  );

  test("what people write is far from the bounds", () => {
    const nested = "- a\n  - b\n    - c\n      > d\n      > > e **f *g `h`***\n";
    const text = `${nested.repeat(20)}\n${"A **bold** [link](https://a.example) and `code`.\n\n".repeat(500)}`;
    expect(renderMarkdown(text, (host) => host)!.querySelectorAll("strong").length).toBe(520);
  });
});
