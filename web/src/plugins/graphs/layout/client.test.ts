import { afterEach, expect, test, vi } from "vitest";
import { isAbort } from "../../../api/client";
import { LayoutWorker } from "./client";
import type { ScopeLayout } from "./types";

const started: FakeWorker[] = [];

/** Keeps what it is asked, and answers when the test says so. */
class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  asked: { id: number }[] = [];
  terminate = vi.fn();

  postMessage(message: { id: number }): void {
    this.asked.push(message);
  }
}

function client(): LayoutWorker {
  return new LayoutWorker(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as unknown as Worker;
  });
}

afterEach(() => started.splice(0));

test("answers go to whom they belong, whatever their order", async () => {
  const layouts = client();
  const [first, second] = [layouts.layout([]), layouts.layout([])];
  const worker = started[0]!;
  const answer: ScopeLayout[] = [];
  worker.onmessage!({ data: { id: 1, error: "a scope of no size" } });
  worker.onmessage!({ data: { id: 0, layouts: answer } });
  await expect(first).resolves.toBe(answer);
  await expect(second).rejects.toThrow("a scope of no size");
  expect(started).toHaveLength(1);
});

test("stopping ends what waits, as given up and not as failed", async () => {
  const layouts = client();
  const waiting = layouts.layout([]);
  layouts.stop();
  const error: unknown = await waiting.catch((reason: unknown) => reason);
  expect(isAbort(error)).toBe(true);
  expect(started[0]!.terminate).toHaveBeenCalledOnce();
});

test("after a worker broke, the next layout gets a new one", async () => {
  const layouts = client();
  const broken = layouts.layout([]);
  started[0]!.onerror!({ message: "out of memory" });
  await expect(broken).rejects.toThrow("out of memory");
  const next = layouts.layout([]);
  started[1]!.onmessage!({ data: { id: 1, layouts: [] } });
  await expect(next).resolves.toEqual([]);
});

test("a worker that cannot be started is told, not waited for", async () => {
  const layouts = new LayoutWorker(() => {
    throw new Error("a worker from elsewhere");
  });
  await expect(layouts.layout([])).rejects.toThrow("a worker from elsewhere");
});
