// @vitest-environment jsdom
import { createRawSnippet, flushSync, mount, unmount } from "svelte";
import { expect, test, vi } from "vitest";
import Contained from "./Contained.svelte";

test("what throws is replaced by what it said, beside what does not, and may be tried again", () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  let broken = true;
  const fragile = createRawSnippet(() => ({
    render: () => {
      if (broken) throw new Error("no such field");
      return "<p>fine</p>";
    },
  }));
  const sound = createRawSnippet(() => ({ render: () => "<p>sound</p>" }));
  const parts = [fragile, sound].map((children) =>
    mount(Contained, { target: document.body, props: { children } }),
  );
  flushSync();
  expect(document.body.textContent).toContain("no such field");
  expect(document.body.textContent).toContain("sound");
  expect(logged).toHaveBeenCalled();
  broken = false;
  document.querySelector<HTMLButtonElement>("[role=alert] button")!.click();
  flushSync();
  expect(document.body.textContent).toContain("fine");
  expect(document.querySelector("[role=alert]")).toBeNull();
  for (const part of parts) void unmount(part);
});
