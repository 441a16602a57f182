// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { fillPlaces } from "./places";

vi.stubGlobal("CSS", { escape: (text: string) => text });

const settled = () => new Promise((done) => setTimeout(done, 50));

test("an image gives way to its chart, wherever and whenever it stands, and comes back at the end", async () => {
  const place = '<div data-cupola-chart="a"><img></div>';
  document.body.innerHTML = `${place}<div data-cupola-chart="b"><img></div>`;
  const end = vi.fn();
  const stop = fillPlaces("a", (element) => {
    element.textContent = "chart";
    return end;
  });
  const shown = () =>
    [...document.querySelectorAll("[data-cupola-chart]")].map((element) =>
      element.querySelector("img")!.hidden ? element.textContent : "image",
    );
  expect(shown()).toEqual(["chart", "image"]);
  document.body.insertAdjacentHTML("beforeend", place);
  await settled();
  expect(shown()).toEqual(["chart", "image", "chart"]);
  document.body.firstElementChild!.remove();
  await settled();
  expect(end).toHaveBeenCalledTimes(1);
  stop();
  expect(shown()).toEqual(["image", "image"]);
  expect(end).toHaveBeenCalledTimes(2);
});
