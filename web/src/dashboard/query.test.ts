import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Query } from "./query.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

test("an answer stays while the next question fails, with the time of the first failure", async () => {
  vi.setSystemTime(1000);
  let lost = false;
  const query = new Query(async (tag: string) => {
    if (lost) throw new Error("no connection");
    return `answer to ${tag}`;
  });
  expect(query.ready).toBe(false);
  query.ask("a");
  await settle();
  expect([query.answer, query.answered, query.problem]).toEqual(["answer to a", "a", null]);
  lost = true;
  vi.setSystemTime(5000);
  query.ask("b");
  await settle();
  vi.setSystemTime(9000);
  query.retry();
  await settle();
  expect(query.answer).toBe("answer to a");
  expect(query.answered).toBe("a");
  expect(query.problem).toEqual({ message: "no connection", since: 5000 });
  lost = false;
  query.retry();
  await settle();
  expect([query.answer, query.problem]).toEqual(["answer to b", null]);
});

test("the same is asked once, a grown tag after a rest, another question at once", async () => {
  const asked: string[] = [];
  const query = new Query(
    async (question: { tag: string }) => void asked.push(question.tag),
    () => 1000,
  );
  query.ask({ tag: "a" }, 1);
  query.ask({ tag: "a" }, 1);
  await settle();
  query.ask({ tag: "a" }, 2);
  await settle();
  expect(asked).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["a", "a"]);
  query.ask({ tag: "b" }, 2);
  expect(asked).toEqual(["a", "a", "b"]);
});

test("what was given up on purpose is no problem", async () => {
  const query = new Query(async () => {
    throw new DOMException("given up", "AbortError");
  });
  query.ask(null);
  await settle();
  expect(query.problem).toBeNull();
});
