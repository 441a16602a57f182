/** What all cards of the room read at the pointer's place: of what they have drawn where every point of it is there, else of the server, in one question for all. */

import { SvelteMap } from "svelte/reactivity";
import { postColumns } from "../../api/client";
import { nearestPlace } from "../../charts/line/place";
import type { Interval } from "../../charts/scale";
import { Query } from "../../dashboard/query.svelte";
import type { XAxis } from "../../dashboard/xAxis";
import { band, center, type Band, type Center } from "../../state/groups.svelte";
import { live } from "../../state/live.svelte";
import type { RunLine } from "./data";
import { readAnswer, readDrawn, type CardReading, type Reading } from "./reading";
import { view, xAxis, type RoomHover } from "./view.svelte";

/** A card that is near the view. */
export interface ReadableCard {
  readonly tag: string;
  readonly lines: readonly RunLine[];
  /** The part of the axis that the lines were asked for; null: all of it. */
  readonly range: Interval | null;
  readonly runs: readonly string[] | null;
  readonly groups: readonly { name: string; runs: readonly string[] }[] | null;
}

interface Question {
  x: XAxis;
  at: number;
  smoothing: number;
  center: Center;
  band: Band;
  cards: { tag: string; runs: readonly string[] | null; groups: ReadableCard["groups"]; pixel: number }[];
}

interface Answer {
  at: number;
  cards: CardReading[];
}

/** Cards by their ids beside what is asked of them; the first decides the place. */
interface Asked {
  ids: string[];
  question: Question;
}

const cards = new SvelteMap<string, ReadableCard>();

/** Has a card read along until the returned function is called. */
export function offerCard(id: string, card: ReadableCard): () => void {
  cards.set(id, card);
  return () => {
    if (cards.get(id) === card) cards.delete(id);
  };
}

class Readings {
  readonly #pointer: () => RoomHover | null;
  #query = new Query(
    ({ question }: Asked) => postColumns<Answer>("api/scalars/readings", question),
    () => 0,
  );

  constructor(pointer: () => RoomHover | null) {
    this.#pointer = pointer;
  }

  /** Where it is read; null: nowhere. */
  get pointer(): RoomHover | null {
    return this.#pointer();
  }

  /** Why the last question was not answered. */
  get problem(): string | null {
    return this.#query.problem?.message ?? null;
  }

  /** What is to be asked; null where all can be read of what is drawn. */
  #asked = $derived.by((): Asked | null => {
    const hover = this.pointer;
    const lead = hover && cards.get(hover.card);
    if (!hover || !lead) return null;
    const others = [...cards].filter(
      ([id, card]) => id !== hover.card && card.lines.length > 0 && !isExact(card, hover.x),
    );
    if (others.length === 0 && isExact(lead, hover.x)) return null;
    const { invert } = hover.layout.x;
    const pixel = Math.abs(invert(1) - invert(0));
    return {
      ids: [hover.card, ...others.map(([id]) => id)],
      question: {
        x: xAxis.value,
        at: hover.x,
        smoothing: view.smoothing,
        center: center.value,
        band: band.value,
        cards: [lead, ...others.map(([, card]) => card)].map(({ tag, runs, groups }, index) => ({
          tag,
          runs,
          groups,
          pixel: index === 0 && Number.isFinite(pixel) ? pixel : 0,
        })),
      },
    };
  });

  /** Asks what has to be asked. Called in an effect by the room. */
  follow(): void {
    if (this.#asked)
      this.#query.ask(this.#asked, live.version("scalars", this.#asked.question.cards[0]!.tag));
  }

  /** The last answer, if it was about the same lines: one for a place nearby is true until the next is there, since it says its step. */
  #answer = $derived.by(() => {
    const [answer, given, wanted] = [this.#query.answer, this.#query.answered, this.#asked];
    if (!answer || !given || !wanted || given.ids[0] !== wanted.ids[0]) return null;
    const settings = ({ x, smoothing, center, band }: Question): string =>
      JSON.stringify([x, smoothing, center, band]);
    return settings(given.question) === settings(wanted.question) ? { ...answer, ids: given.ids } : null;
  });

  /** The place that all cards read: the nearest to the pointer at which its own card has a point. */
  #place = $derived.by((): number | null => {
    const hover = this.pointer;
    const lead = hover && cards.get(hover.card);
    if (!hover || !lead) return null;
    if (!isExact(lead, hover.x)) return this.#answer?.at ?? null;
    return nearestPlace(
      lead.lines.map(({ x }) => x),
      hover.x,
    );
  });

  /** What a card reads; null where nothing is read, or not yet. */
  of(id: string): Reading | null {
    const card = cards.get(id);
    const [hover, place] = [this.pointer, this.#place];
    if (!card || !hover || place === null) return null;
    const onSteps = xAxis.value === "step";
    if (isExact(card, hover.x)) return readDrawn(card.lines, place, onSteps);
    const answer = this.#answer?.cards[this.#answer.ids.indexOf(id)];
    return answer ? readAnswer(card.lines, answer, this.#answer!.at, onSteps) : null;
  }
}

/** Whether what is drawn has every point around a place, and steps as they were logged. */
function isExact({ lines, range }: ReadableCard, x: number): boolean {
  if (range && (x < range[0] || x > range[1])) return false;
  return lines.every(
    ({ series, group }) =>
      series.complete &&
      (group || (Number.isSafeInteger(series.first_step) && Number.isSafeInteger(series.last_step))),
  );
}

/** Under the pointer, or where the keys are. */
export const readings = new Readings(() => view.hover);

/** Where a click has pinned them. */
export const pinnedReadings = new Readings(() => view.pinned);
