/** The rooms, found by folder. Their declarations are small and loaded with the page; their views when their tabs open. */

import type { Room } from "../base/room";
import { runColors } from "../state/runColors.svelte";
import { tablePage } from "./table/tablePage";

const found = import.meta.glob<{ default: Room }>("../plugins/*/index.ts", { eager: true });

export const rooms: readonly Room[] = Object.values(found)
  .map((module) => module.default)
  .sort((a, b) => a.order - b.order);

runColors.drawnBy(rooms.filter((room) => room.usesRuns).map((room) => room.name));

/** What the word behind `#` in the address opens: a room, or the run table. */
export function findPage(name: string): Room | null {
  return name === tablePage.name ? tablePage : findRoom(name);
}

export function findRoom(name: string): Room | null {
  return rooms.find((room) => room.name === name) ?? null;
}
