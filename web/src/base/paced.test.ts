import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./paced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A job that takes 100 ms and notes what it was called with. */
function slow(rest_ms?: (took_ms: number) => number) {
  const done: number[] = [];
  const ask = paced<number>(async (input) => {
    done.push(input);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }, rest_ms);
  return { done, ask };
}

test("the first runs at once, of those that come meanwhile only the newest", async () => {
  const { done, ask } = slow(() => 0);
  [1, 2, 3].forEach(ask);
  expect(done).toEqual([1]);
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual([1, 3]);
});

test("it rests as long as it took", async () => {
  const { done, ask } = slow();
  ask(1);
  ask(2);
  await vi.advanceTimersByTimeAsync(199);
  expect(done).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(1000);
  ask(3);
  expect(done).toEqual([1, 2, 3]);
});

test("now ends the rest, yet waits for the present job", async () => {
  const { done, ask } = slow(() => 5000);
  ask(1);
  ask.now(2);
  ask(3);
  expect(done).toEqual([1]);
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(200);
  ask(4);
  expect(done).toEqual([1, 3]);
  ask.now(5);
  expect(done).toEqual([1, 3, 5]);
});

test("a job may be synchronous", async () => {
  const done: number[] = [];
  const ask = paced<number>(
    (input) => void done.push(input),
    () => 250,
  );
  [1, 2, 3].forEach(ask);
  expect(done).toEqual([1]);
  await vi.advanceTimersByTimeAsync(250);
  expect(done).toEqual([1, 3]);
});
