/** Questions to the server. Addresses are relative to the page, so that any --path_prefix works. */

import { messages } from "../base/i18n.svelte";
import { decodeColumns } from "./columns";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** What an error's message says of its case, by name. */
export type Facts = Readonly<Record<string, string | number>>;

/** The server's refusal: it answered, and says why not. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** Names the kind of error, with what the message says of this case; for who says it in other words. */
    readonly code = "",
    readonly facts: Facts = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const t = messages({
  en: { noAnswer: "The server does not answer" },
  "zh-CN": { noAnswer: "服务器没有响应" },
});

/** There was no answer at all: the server or the way to it is gone. What failed so is asked again when the connection is back. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super(t().noAnswer, { cause });
    this.name = "ConnectionError";
  }
}

/** The address of a route, `path` without a leading slash: `url("api/images/image", {run, tag})`. For `img`, `a` and the like. */
export function url(path: string, query: Query = {}): string {
  const address = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) address.searchParams.set(key, String(value));
  }
  return address.href;
}

export async function getJson<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask(url(path, query), { signal: signal ?? null }, (response) => response.json() as Promise<T>);
}

export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return ask(url(path), post(body, signal), (response) => response.json() as Promise<T>);
}

/** Sends bytes of a file. */
export async function postBytes<T>(path: string, query: Query, body: Blob, signal?: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/octet-stream" };
  const init = { method: "POST", headers, body, signal: signal ?? null };
  return ask(url(path, query), init, (response) => response.json() as Promise<T>);
}

/** Sends a change; it goes on its way even if the page is closed meanwhile. */
export async function patchJson<T>(path: string, body: unknown): Promise<T> {
  const encoded = encodeJson(body);
  // Browsers refuse to keep more than 64 kB alive.
  const init = { ...withBody("PATCH", encoded, undefined), keepalive: encoded.length < 20_000 };
  return ask(url(path), init, (response) => response.json() as Promise<T>);
}

export async function postText(path: string, body: unknown, signal?: AbortSignal): Promise<string> {
  return ask(url(path), post(body, signal), (response) => response.text());
}

/** A document with typed arrays in it; see columns.ts. */
export async function getColumns<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return decodeColumns<T>(await ask(url(path, query), { signal: signal ?? null }, bytes));
}

export async function postColumns<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return decodeColumns<T>(await ask(url(path), post(body, signal), bytes));
}

/** A file, an image for example. */
export async function postBlob(path: string, body: unknown, signal?: AbortSignal): Promise<Blob> {
  return ask(url(path), post(body, signal), (response) => response.blob());
}

/**
 * Asks whether the server can be reached, where the browser failed to load an `address` without telling why.
 *
 * @returns the HTTP status of its answer.
 * @throws ConnectionError if there is none.
 */
export async function reach(address: string): Promise<number> {
  return (await connected(fetch(address, { method: "HEAD" }))).status;
}

/** True for the error of a request that was given up on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

const post = (body: unknown, signal: AbortSignal | undefined): RequestInit =>
  withBody("POST", encodeJson(body), signal);

function withBody(method: string, body: string, signal: AbortSignal | undefined): RequestInit {
  return {
    method,
    headers: { "Content-Type": "application/json" },
    body,
    signal: signal ?? null,
  };
}

/**
 * JSON in which a number too large to be exact is written as the floating-point number that it is: JavaScript writes 2^63 as a whole number,
 * which would be one of more than 64 bits to the server.
 */
export function encodeJson(body: unknown): string {
  return JSON.stringify(body).replace(stringsAndLongNumbers, (found) =>
    found.startsWith('"') ? found : `${found}.0`,
  );
}

const stringsAndLongNumbers = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{17,}(?![\d.e])/g;

const bytes = (response: Response) => response.arrayBuffer();

async function ask<T>(
  address: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const response = await connected(fetch(address, init));
  if (!response.ok) throw await refusal(response);
  return connected(read(response));
}

/** An answer, or its body: `fetch` throws a TypeError in the browser's own words for whatever cuts the way to the server. */
async function connected<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof TypeError ? new ConnectionError(error) : error;
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const { status } = response;
  try {
    const body = (await response.json()) as { error?: unknown; code?: string; facts?: Facts };
    if (typeof body.error === "string") return new ApiError(body.error, status, body.code, body.facts);
  } catch {
    // Not ours: a proxy's page, say. The status line is all we know.
  }
  return new ApiError(`${status} ${response.statusText}`, status);
}
