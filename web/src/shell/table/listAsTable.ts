import { flag, param } from "../../state/url.svelte";

/** Whether the run list beside a room is a table. */
export const listAsTable = param("table", false, flag);
