/** How the room shows texts, kept in the page's address. */

import { flag, param, text, word } from "../../state/url.svelte";

export const modes = ["one", "all"] as const;
export type Mode = (typeof modes)[number];

export const search = param("q", "", text);
/** One step with a slider, or all of them below each other. */
export const mode = param<Mode>("view", "one", word(modes));
export const markdown = param("markdown", true, flag);
