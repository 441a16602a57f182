// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "../base/i18n.svelte";
import {
  ApiError,
  ConnectionError,
  encodeJson,
  getColumns,
  getJson,
  isAbort,
  postJson,
  reach,
} from "./client";

afterEach(() => setLanguage("en"));

const failing = (thrown: Error) => vi.stubGlobal("fetch", () => Promise.reject(thrown));
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
  await expect(postJson("api/scalars/table", {})).rejects.toThrow(new ApiError("no run “x”", 404));
  answering(new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  await expect(getJson("api/info")).rejects.toMatchObject({ status: 502, message: "502 Bad Gateway" });
});

test("what was given up on purpose is neither", async () => {
  failing(new DOMException("gone", "AbortError"));
  const error: unknown = await getJson("api/info").catch((thrown: unknown) => thrown);
  expect(isAbort(error)).toBe(true);
});

test("JSON holds every number as what it is to JavaScript: a double, or a whole number that is exact", () => {
  const written = (value: number) => encodeJson({ range: [value] }).slice('{"range":['.length, -2);
  expect(written(2 ** 63)).toBe("9223372036854776000.0");
  expect(written(-(2 ** 63))).toBe("-9223372036854776000.0");
  expect(written(999_999_999_999_999_900_000)).toBe("999999999999999900000.0");
  for (const value of [0, -1, 2 ** 53, 1e21, -1.5e300, 0.1, 1234567890.1234567, 0.12345678901234568, 1e-7])
    expect(written(value)).toBe(JSON.stringify(value));
});

test("what looks like a long number in a name stays as it is", () => {
  const body = {
    tag: 'a"12345678901234567890\\',
    runs: ["12345678901234567890", "\\", 'x\\"', "98765432109876543210"],
    "12345678901234567890": null,
  };
  expect(encodeJson(body)).toBe(JSON.stringify(body));
});

test("an answer that breaks off is a lost connection too; one that is no JSON is not", async () => {
  const body = () => new ReadableStream({ start: (cut) => cut.error(new TypeError("network error")) });
  for (const ask of [getJson, getColumns]) {
    answering(new Response(body()));
    await expect(ask("api/catalog")).rejects.toBeInstanceOf(ConnectionError);
  }
  answering(new Response("<html>"));
  await expect(getJson("api/info")).rejects.toBeInstanceOf(SyntaxError);
});

test("what could not be loaded from a server that is gone is a lost connection", async () => {
  failing(new TypeError("Failed to fetch"));
  await expect(reach("api/images/image?key=a")).rejects.toBeInstanceOf(ConnectionError);
  answering(new Response(null, { status: 410 }));
  await expect(reach("api/images/image?key=a")).resolves.toBe(410);
});
