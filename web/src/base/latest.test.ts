import { expect, test } from "vitest";
import { latestOnly } from "./latest";
import { makePattern } from "./pattern";

test("one job at a time, and only the newest of what came meanwhile", async () => {
  const done: number[] = [];
  let running = 0;
  const job = latestOnly(async (input: number) => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    done.push(input);
    running--;
  });
  for (let i = 0; i < 10; i++) job(i);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done).toEqual([0, 9]);
});

test("a pattern that is no expression yet is searched for as it stands", () => {
  const half = makePattern("lr(");
  expect(half.problem).not.toBeNull();
  expect(half.test("x/LR(0.1)")).toBe(true);
  expect(half.test("lr")).toBe(false);
  expect(makePattern("lr.0$").problem).toBeNull();
  expect(makePattern("lr.0$").test("LR=0")).toBe(true);
  expect(makePattern("").test("anything")).toBe(true);
});
