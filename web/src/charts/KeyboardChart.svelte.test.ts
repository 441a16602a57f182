// @vitest-environment jsdom
import { flushSync, mount, unmount, type ComponentProps } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import KeyboardChart from "./KeyboardChart.svelte";

type Props = ComponentProps<typeof KeyboardChart<null>>;

let close: () => void;
let chart: HTMLElement;
const props = $state<Props>({
  draw: () => null,
  drawOver: () => {},
  dark: false,
  label: "a chart",
  places: 50,
  readout: "",
  onlayout: () => {},
  onread: vi.fn(),
  onmove: vi.fn(),
  onenter: vi.fn(),
});

const spoken = () => document.querySelector("[aria-live=polite]")!.textContent;

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  chart.dispatchEvent(event);
  flushSync();
  return event;
}

function read(words: string): void {
  props.readout = words;
  flushSync();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
    },
  );
  Object.assign(props, { readout: "", onread: vi.fn(), onmove: vi.fn(), onenter: vi.fn() });
  const mounted = mount(KeyboardChart<null>, { target: document.body, props });
  close = () => void unmount(mounted);
  chart = document.querySelector<HTMLElement>("[aria-label='a chart']")!;
  chart.focus();
  flushSync();
});

afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("its keys move the cursor and are nobody else's", () => {
  const page = vi.fn();
  window.addEventListener("keydown", page);
  for (const key of ["ArrowRight", "PageDown", "End", "ArrowUp"])
    expect(press(key).defaultPrevented).toBe(true);
  expect(vi.mocked(props.onmove).mock.calls.map(([move]) => move)).toEqual([
    { right: 1, up: 0 },
    { right: -5, up: 0 },
    { right: Infinity, up: 0 },
    { right: 0, up: 1 },
  ]);
  press("Enter");
  expect(props.onenter).toHaveBeenCalledOnce();
  expect(page).not.toHaveBeenCalled();
  window.removeEventListener("keydown", page);
});

test("the page's own keys pass, and so does Escape where nothing is read", () => {
  for (const key of ["j", "f", "Tab", "Escape"]) expect(press(key).defaultPrevented).toBe(false);
  expect(press("ArrowLeft", { altKey: true }).defaultPrevented).toBe(false);
  read("step 3");
  expect(press("Escape").defaultPrevented).toBe(true);
  expect(props.onread).toHaveBeenLastCalledWith(null);
});

test("what is read is said at once, then at a pace at which it can be heard", async () => {
  read("step 1");
  await vi.advanceTimersByTimeAsync(0);
  expect(spoken()).toBe("step 1");
  read("step 2");
  read("step 3");
  await vi.advanceTimersByTimeAsync(100);
  expect(spoken()).toBe("step 1");
  await vi.advanceTimersByTimeAsync(400);
  expect(spoken()).toBe("step 3");
});

test("what the pointer reads is not said, and leaving takes the cursor away", async () => {
  read("step 1");
  chart.blur();
  expect(props.onread).toHaveBeenLastCalledWith(null);
  await vi.advanceTimersByTimeAsync(1000);
  read("step 2");
  await vi.advanceTimersByTimeAsync(1000);
  expect(spoken()).toBe("");
});
