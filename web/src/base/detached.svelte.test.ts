// @vitest-environment jsdom
import { flushSync, mount } from "svelte";
import { expect, test } from "vitest";
import { detached } from "./detached.svelte";
import DetachedProbe from "./DetachedProbe.svelte";

test("what is made on demand within a block goes on when the block has run again", () => {
  let shown = $state(false);
  let count = $state(1);
  let twice: { readonly value: number } | undefined;
  const source = {
    get shown() {
      return shown;
    },
    get value() {
      twice ??= detached(() => {
        const value = $derived(count * 2);
        return {
          get value() {
            return value;
          },
        };
      });
      return twice.value;
    },
  };
  mount(DetachedProbe, { target: document.body, props: { source } });
  const text = () => document.body.textContent?.trim().replace(/\s+/g, " ");
  flushSync();
  expect(text()).toBe("2");
  for (const next of [2, 3]) {
    shown = true;
    flushSync();
    shown = false;
    count = next;
    flushSync();
    expect(text()).toBe(String(next * 2));
  }
});

test("an error in making is the caller's, and values made within one another stand", () => {
  expect(() =>
    detached(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(detached(() => detached(() => 1) + 1)).toBe(2);
});
