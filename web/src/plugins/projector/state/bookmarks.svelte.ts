/** The bookmarks of the embedding that is shown: those its config names, and those that were added or loaded here. */

import { isAbort } from "../../../api/client";
import { remember, remembered } from "../../../base/storage";
import { getBookmarks, type Entry } from "../data";
import type { Bookmark } from "../select/bookmarks";

/** The browser keeps no more of them than this many characters. */
const most = 1_000_000;

export class Bookmarks {
  list = $state.raw<readonly Bookmark[]>([]);
  problem = $state.raw<string | null>(null);
  #place = "";

  /** Takes those of an embedding. @param read checks what a file holds. */
  async open(
    entry: Entry,
    read: (states: unknown) => Bookmark[] | Promise<Bookmark[]>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#place = `projector.bookmarks.${JSON.stringify([entry.run, entry.tag])}`;
    this.problem = null;
    this.list = [];
    const own = await tried(read, remembered<unknown>(this.#place, []));
    if (signal.aborted) return;
    this.list = own;
    if (!entry.bookmarks) return;
    try {
      const { bookmarks } = await getBookmarks(entry, signal);
      const logged = await read(bookmarks);
      const known = new Set(own.map(identity));
      if (!signal.aborted) this.list = [...logged.filter((each) => !known.has(identity(each))), ...own];
    } catch (error) {
      if (!isAbort(error)) this.problem = (error as Error).message;
    }
  }

  add(...bookmarks: readonly Bookmark[]): void {
    this.#set([...this.list, ...bookmarks]);
  }

  remove(bookmark: Bookmark): void {
    this.#set(this.list.filter((other) => other !== bookmark));
  }

  #set(list: readonly Bookmark[]): void {
    this.list = list;
    if (JSON.stringify(list).length <= most) remember(this.#place, list);
  }
}

const identity = ({ label, cupola, selectedPoints }: Bookmark): string =>
  JSON.stringify([label, cupola, selectedPoints]);

/** What the browser kept may be of other data by now. */
async function tried(
  read: (states: unknown) => Bookmark[] | Promise<Bookmark[]>,
  states: unknown,
): Promise<Bookmark[]> {
  try {
    return await read(states);
  } catch {
    return [];
  }
}
