// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./markdown";

function drawn(text: string): HTMLElement {
  const element = document.createElement("div");
  element.append(renderMarkdown(text, (host) => `[image at ${host}]`)!);
  return element;
}

function letters(text: string): string {
  return (text.match(/[\p{L}\p{N}]/gu) ?? []).join("");
}

/** Texts of logs that look like HTML, or like what Markdown would take away. */
const lookalikes = [
  "<s>[INST] 2+2? [/INST] 4 </s> score 0.9",
  "if a<b and c>d then x",
  "<summary>short</summary> rest",
  "<details>the answer is 42",
  "<details>the answer is 42</details>",
  "The <mask> is <unk> <pad>",
  "<|endoftext|><|im_start|>user",
  "<think>\nfirst this\n\n- then that\n</think>\nanswer",
  "<bos><start_of_turn>user",
  "Dict<str, List<int>> and vector<b> and Box<p>",
  "a < b, c > d, x<y, y>z, i<j>k",
  "<b>never closed",
  "closed only</b>",
  "<b><i>crossed</b></i>",
  "*a <b> c* </b>",
  "- <b>one item\n- another</b>",
  "<td>no table</td> <tr><td>no table either</td></tr> <li>no list</li>",
  "<table><tr><td>a table</table>",
  "<input> <form action=x> <select><option>1</option></select>",
  "<b class=bare>attributes without quotes</b>",
  "<b onclick>an attribute alone</b>",
  "<a>no address</a> <a href='#x'>an address of the page</a>",
  "<img> <img src=x> <img src='x.png' alt='cat'>",
  "<b/> <div/> <p/>",
  "<!-- a comment --> <!DOCTYPE html> <?php echo 1 ?> <![CDATA[ data ]]>",
  "<extra_id_0> <class:dog> <tool:call>",
  "<script>let a = 1</script><style>p { color: red }</style>",
  "<svg><circle r='1'/></svg><math><mi>x</mi></math>",
  "</s></s></p></br>",
  "<q>a question</q> <s>struck</s> ~about 5~ and ~6",
  "List of values[i](x) and fs[0](/a/b)",
  "![a picture](local.png) ![](x)",
  "[INFO]: started\n[42]: https://example.org/a\n[a]: b",
  "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
  "```python and more\nx = 1",
  "``` not closed",
  "1. a\n5. b\n",
  "&nosuch; &copy 1 &amp",
  "x = a <\nb > c",
  "<p>\n<b>\n<div>",
  "<p align='center'>one\n\ntwo",
];

describe("keeps every letter", () => {
  test.each(lookalikes.filter((text) => !text.startsWith("1.")))("%s", (text) => {
    const element = drawn(text);
    expect(letters(element.textContent)).toBe(letters(text));
    expect(element.querySelector("s, del, details, summary")).toBeNull();
  });

  test("numbers of lists too", () => {
    const items = [...drawn("3. a\n7. b").querySelectorAll("li")];
    expect(items.map((item) => [item.value, item.textContent])).toEqual([
      [3, "a"],
      [7, "b"],
    ]);
  });

  test("of anything made of pieces that look like HTML", () => {
    const pieces =
      "<s> </s> < > a<b </b> <b <p> </p> <tok> <td> <tr> </tr> <table> <details> <summary> <i\n\n \n > <a </a> <!-- --> List<int> x [y] *z* _u_ `v` - | # 1) \\ &".split(
        " ",
      );
    let seed = 7;
    const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 300; round++) {
      const chosen = Array.from({ length: 2 + next(12) }, () => pieces[next(pieces.length)]!);
      const text = chosen.join(next(2) ? " " : "");
      // Whole elements are HTML; their names are not letters of the text.
      const whole = /<(b|p|i|a|tr|td|table)\s*>[^]*<\/\1>/.test(text);
      if (!whole && !/1\)/.test(text)) {
        expect(letters(drawn(text).textContent), JSON.stringify(text)).toBe(letters(text));
      }
    }
    // 1500 texts are a matter of counts, not of how busy the machine is.
  }, 120_000);
});

describe("HTML is what is whole", () => {
  test.each([
    ["<b>bold</b> and H<sub>2</sub>O", "b,sub"],
    ['<a href="https://example.org/">there</a>', "a"],
    ["one<br>two<br/>three", "br,br"],
    ["<ul><li>one</li></ul>", "ul,li"],
    ["<table>\n<tr><td>a</td><td>b</td></tr>\n</table>", "table,tbody,tr,td,td"],
    ["<div align='center'>\n\nmiddle\n\n</div>", "div"],
    ["<details>\n<summary>more</summary>\n\n**body**\n\n</details>", "details,summary,strong"],
  ])("%s", (text, names) => {
    const element = drawn(text);
    const found = [...element.querySelectorAll("*:not(p):not(.frame)")].map(({ localName }) => localName);
    expect(found.join()).toBe(names);
    expect(element.textContent).not.toContain("<");
  });

  test("and its text stays inside", () => {
    const details = drawn(
      "<details>\n<summary>more</summary>\n\n**body**\n\n</details>\n\nafter",
    ).querySelector("details")!;
    expect(details.textContent.trim()).toMatch(/^more\s*body$/);
  });
});

describe("lines", () => {
  test.each([
    "lr: 0.1\nmodel:\n  arch: resnet50\n  layers: 4\nseed: 1",
    "Sequential(\n  (0): Linear(in_features=10, out_features=20, bias=True)\n  (1): ReLU()\n)",
    "warm-up of 500 steps\nno augmentation\nsecond try",
    "<|user|>\nHello\n<|assistant|>\n  Hi",
    "make \\\n  --fast\nends with spaces  \nnext",
    "<tok>\nline\n</tok>\nline",
  ])("and their indentation stay: %s", (text) => {
    expect(drawn(text).textContent.trimEnd()).toBe(text);
  });

  test("JSON is code as it was logged", () => {
    for (const text of ['{\n  "a_b_c": [1, 2],\n  "d": "<s>"\n}', "[1, 2]"]) {
      expect(drawn(text).querySelector("pre > code")!.textContent).toBe(text);
    }
    expect(drawn("[a] no JSON").querySelector("pre")).toBeNull();
  });

  test("of lists, tables and code are none of the text", () => {
    expect(drawn("- a\n- b\n  - c\n\nend").innerHTML).toBe(
      "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>end</p>",
    );
    expect([...drawn("| a |\n|---|\n| 1 |").querySelectorAll("td")].map((cell) => cell.textContent)).toEqual([
      "1",
    ]);
    expect(drawn("```python\nif x:\n    y\n```").querySelector("code")!.textContent).toBe("if x:\n    y\n");
  });

  test("a definition that something refers to is none", () => {
    const element = drawn("[here][1]\n\n[1]: https://example.org/");
    expect(element.textContent.trim()).toBe("here");
    expect(element.querySelector("a")!.href).toBe("https://example.org/");
  });
});
