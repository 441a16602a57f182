import { catalog } from "../../state/catalog.svelte";
import { url } from "../../state/url.svelte";
import { rooms } from "../rooms";
import { tablePage } from "./tablePage";

/** The room that the table was opened from. */
let before = "";

/** Opens the run table, or the room that was open before it; a step in the browser's history. */
export function toggleTable(): void {
  if (url.room !== tablePage.name) {
    before = url.room;
    url.open(tablePage.name);
    return;
  }
  const withData = rooms.find((room) => catalog.series(room.name).length > 0);
  url.open(before || (withData ?? rooms[0]!).name);
}
