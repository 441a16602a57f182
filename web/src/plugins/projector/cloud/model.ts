/** What a cloud needs of the state that it draws: the room's own, or that of the second cloud beside it. */

import type { Area } from "../select/area";
import type { Combine } from "../select/combine";
import type { Appearance } from "../state/appearance.svelte";
import type { EmbeddingData, Loaded } from "../state/embeddingData.svelte";
import type { Move } from "./motion";
import type { CameraPose } from "./pose";
import type { Trail } from "./trails";

/** Which of the points are meant, by their indices in this cloud. */
export interface CloudSelection {
  /** The point under the pointer, and the one whose card is open; -1 for none. */
  hovered: number;
  focus: number;
  readonly selected: readonly number[];
  /** The points that stand out. */
  readonly highlighted: readonly number[];
  /** The points that are drawn, and those that the camera frames; null: all. */
  readonly shown: readonly number[] | null;
  readonly isolated: readonly number[] | null;
  readonly shownCount: number;
  /** Gives up what was chosen last; false if nothing is. */
  stepBack: () => boolean;
}

export interface CloudModel {
  readonly data: EmbeddingData;
  readonly appearance: Appearance;
  readonly selection: CloudSelection;
  pose: CameraPose;
  /** At the axes' positive ends; none where the directions mean nothing. */
  readonly axisNames: readonly string[];
  readonly trails: readonly Trail[];
  /** How points go from what is shown to what is to be shown; null: they jump. */
  moveTo: (before: Loaded, after: Loaded) => Move | null;
  /** Selects what was drawn over the cloud. */
  chooseArea: (seen: Pick<Area, "eye" | "target" | "polygon">, combine: Combine) => void;
  moveStep: (by: number) => void;
  togglePlay: () => void;
}
