import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "../base/i18n.svelte";
import { ApiError, ConnectionError, getJson, isAbort, postJson } from "./client";

afterEach(() => setLanguage("en"));

const failing = (thrown: unknown) => vi.stubGlobal("fetch", () => Promise.reject(thrown));
const answering = (response: Response) => vi.stubGlobal("fetch", () => Promise.resolve(response));

test.each([
  ["en", "The server does not answer"],
  ["zh-CN", "服务器没有响应"],
] as const)("no answer is not the browser's own words: %s", async (language, message) => {
  setLanguage(language);
  failing(new TypeError("Failed to fetch"));
  const error: unknown = await getJson("api/catalog").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ message });
});

test("a refusal says what the server says", async () => {
  answering(Response.json({ error: "no run “x”" }, { status: 404 }));
  await expect(postJson("api/scalars/last", {})).rejects.toThrow(new ApiError("no run “x”", 404));
  answering(new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  await expect(getJson("api/info")).rejects.toMatchObject({ status: 502, message: "502 Bad Gateway" });
});

test("what was given up on purpose is neither", async () => {
  failing(new DOMException("gone", "AbortError"));
  const error: unknown = await getJson("api/info").catch((thrown: unknown) => thrown);
  expect(isAbort(error)).toBe(true);
});
