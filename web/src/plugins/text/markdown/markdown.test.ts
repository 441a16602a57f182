// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./markdown";

function html(text: string): string {
  const element = document.createElement("div");
  element.append(renderMarkdown(text, (host) => `[image at ${host}]`)!);
  return element.innerHTML;
}

describe("Markdown", () => {
  test("is drawn", () => {
    expect(html("# Hi\n\n**bold** `code` ~~gone~~")).toBe(
      "<h1>Hi</h1><p><strong>bold</strong> <code>code</code> <del>gone</del></p>",
    );
    expect(html("| a | b |\n|---|---|\n| 1 | 2 |")).toContain("<td>1</td>");
    expect(html("- [x] done\n- [ ] open")).toMatch(/☑ done[^]*☐ open/);
    expect(html("两个**字**")).toContain("<strong>字</strong>");
  });

  test("a link opens elsewhere and tells nothing", () => {
    const link = '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer nofollow">x</a>';
    expect(html("[x](https://example.org/a)")).toBe(`<p>${link}</p>`);
  });

  test("addresses of the page itself are not followed", () => {
    for (const address of ["#scalars", "/api/live", "//evil.example", "api/x", "blob:x", "vbscript:x"]) {
      expect(html(`[x](${address})`)).not.toContain("href");
    }
  });

  test("a picture elsewhere is a link and is never asked for", () => {
    const drawn = html("![cat](https://pictures.example/cat.png)");
    expect(drawn).not.toContain("<img");
    expect(drawn).toContain("cat · [image at pictures.example]");
    expect(html("![](/api/images/image?x)")).toBe("<p>![](/api/images/image?x)</p>");
    expect(html("![dot](data:image/png;base64,iVBORw0KGgo=)")).toContain('<img src="data:image/png;base64,');
    expect(html("![dot](data:image/svg+xml;base64,PHN2Zz4=)")).not.toContain("<img");
  });
});

/** Each must leave no element that runs, loads or sends anything. */
const vectors = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<iframe src=javascript:alert(1)></iframe>",
  "<object data=javascript:alert(1)></object>",
  "<embed src=javascript:alert(1)>",
  "<a href=javascript:alert(1)>x</a>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\u0000script:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "![x](javascript:alert(1))",
  '![x](x"onerror="alert(1))',
  "<form action=https://evil.example><input name=x><button>x</button></form>",
  "<details open ontoggle=alert(1)>x</details>",
  "<video><source onerror=alert(1)></video>",
  "<body onload=alert(1)>",
  "<style>@import url(https://evil.example)</style>",
  "<p style='background:url(https://evil.example)'>x</p>",
  "<link rel=stylesheet href=https://evil.example>",
  "<meta http-equiv=refresh content='0;url=https://evil.example'>",
  "<base href=https://evil.example>",
  "<img name=getElementById><img id=app>",
  "<template><script>alert(1)</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<table background=https://evil.example><tr><td>x</table>",
  "<img srcset='https://evil.example/a 1x'>",
  "`</code><script>alert(1)</script>`",
  "```html\n</code></pre><img src=x onerror=alert(1)>\n```",
];

test.each(vectors)("is harmless: %s", (vector) => {
  const element = document.createElement("div");
  element.append(renderMarkdown(vector, (host) => host)!);
  const forbidden =
    "script,iframe,object,embed,form,input,button,style,link,meta,base,svg,math,video,audio,source,template,noscript";
  expect(element.querySelector(forbidden)).toBeNull();
  for (const found of element.querySelectorAll("*")) {
    for (const { name, value } of found.attributes) {
      expect(name).not.toMatch(/^on|^style$|^id$|^name$|^srcset$|^background$/);
      if (name === "href") expect(value).toMatch(/^(https?:\/\/|mailto:)/);
      if (name === "src") expect(value).toMatch(/^data:image\//);
    }
  }
});
