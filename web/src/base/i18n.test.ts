// @vitest-environment jsdom
import { expect, test } from "vitest";
import { messages, preferredLanguage, setLanguage } from "./i18n.svelte";

test.each([
  [["zh-TW", "en"], "zh-CN"],
  [["de", "zh"], "zh-CN"],
  [["de-DE"], "en"],
  [["en-GB", "zh-CN"], "en"],
  [[], "en"],
] as const)("%j is answered in %s", (preferences, expected) => {
  expect(preferredLanguage(preferences)).toBe(expected);
});

test("a table follows the language", () => {
  const t = messages({ en: { hello: "hello" }, "zh-CN": { hello: "你好" } });
  setLanguage("zh-CN");
  expect(t().hello).toBe("你好");
  expect(document.documentElement.lang).toBe("zh-CN");
  setLanguage("en");
  expect(t().hello).toBe("hello");
});

test("no table leaves one language's words in the other", () => {
  const modules = import.meta.glob<Record<string, unknown>>("../**/words.ts", { eager: true });
  expect(Object.keys(modules).length).toBeGreaterThan(1);
  const words = (table: unknown) =>
    JSON.stringify(table, (_, value: unknown) => (typeof value === "function" ? String(value) : value));
  for (const [path, module] of Object.entries(modules)) {
    for (const table of Object.values(module).filter((value) => typeof value === "function")) {
      setLanguage("en");
      expect(words(table()), path).not.toMatch(/[\u4e00-\u9fff]/);
      setLanguage("zh-CN");
      expect(words(table()), path).toMatch(/[\u4e00-\u9fff]/);
    }
  }
  setLanguage("en");
});
