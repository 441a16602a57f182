/** What kind of screen the page is on. */

import { MediaQuery } from "svelte/reactivity";

/** A phone, or a window as narrow: the run list lies over the page, and what is seldom used is in one menu. */
export const narrow = new MediaQuery("max-width: 760px");
/** A finger points here, and no keys are at hand. */
export const touch = new MediaQuery("hover: none) and (pointer: coarse");
