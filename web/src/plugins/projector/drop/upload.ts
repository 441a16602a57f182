/** Sends a file to the server, which reads its matrices (docs/http_api.md). */

import { ApiError, getColumns, postBytes, postJson } from "../../../api/client";
import type { Entry, Field } from "../data";

/** What the server found in a file. */
export interface Opened {
  /** As what it is listed among runs. */
  run: string;
  embeddings: Entry[];
  /** Names of its columns of one value a row. */
  columns: string[];
  rows: number;
  /** A table, whose columns may describe points that are shown already. */
  is_table: boolean;
  /** What is neither, a sentence each. */
  left_out: string[];
}

/** Below this a proxy that finds a piece too large will not take any. */
const leastPiece = 1 << 14;

/**
 * @param onProgress is told how many bytes have arrived.
 * @throws ApiError if there is no room, or nothing in it that can be shown; the server forgets the file.
 */
export async function upload(
  file: File,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Opened> {
  const { name, size } = file;
  const { id, piece_bytes } = await postJson<{ id: string; piece_bytes: number }>(
    "api/projector/files",
    { name, size },
    signal,
  );
  try {
    let piece = piece_bytes;
    for (let offset = 0; offset < size;) {
      const end = Math.min(size, offset + piece);
      try {
        await postBytes("api/projector/files/pieces", { id, offset }, file.slice(offset, end), signal);
        offset = end;
        onProgress(offset);
      } catch (error) {
        const tooLarge = error instanceof ApiError && error.status === 413;
        if (!tooLarge || piece <= leastPiece) throw error;
        piece >>= 2; // a proxy on the way takes less
      }
    }
    return await postJson<Opened>("api/projector/files/open", { id }, signal);
  } catch (error) {
    void postJson("api/projector/files/close", { id }).catch(() => undefined);
    throw error;
  }
}

export const getFileColumns = async (run: string, rows: number): Promise<Field[]> =>
  (await getColumns<{ columns: Field[] }>("api/projector/files/columns", { run, rows })).columns;

export const closeFile = (run: string): Promise<unknown> => postJson("api/projector/files/close", { run });
