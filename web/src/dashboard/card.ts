import type { SeriesEntry } from "../api/types";
import type { PointSeries } from "./points.svelte";

/** What the dashboard hands to a card, the series where the room has points. */
export interface CardProps<S extends PointSeries = PointSeries> {
  /** Names the card among those of its room, in the address too. */
  id: string;
  /** Empty in a room with one card for all runs of a tag. */
  run: string;
  tag: string;
  title: string;
  /** More about it: the tooltip of the title. */
  description: string;
  entry: SeriesEntry;
  series: S;
  /** Whether it is near what is seen of the page, so that it is worth drawing. */
  near: boolean;
  /** Width in px that the card had when it came near. */
  width: number;
}
