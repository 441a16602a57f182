import type { Codec } from "../../../state/url.svelte";

/** Null stands for what the room chooses itself, which no address names. */
export function optional<T>(codec: Codec<T>): Codec<T | null> {
  return { encode: (value) => (value === null ? "" : codec.encode(value)), decode: codec.decode };
}
