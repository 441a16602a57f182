/** How a run is doing, as a mark and in words. */

import type { RunEntry, RunStatus } from "../../api/types";
import { formatStep, formatTime } from "../../base/format";
import { formatAgo } from "../../base/time";
import { runStatuses } from "../../state/runStatus.svelte";
import { t } from "./words";

/** What the mark shows: that a run has diverged counts before how long ago. */
export type RunMark = RunStatus["state"] | "diverged";

/** Reactive. */
export function markOf(entry: RunEntry): RunMark {
  const { state, diverged } = runStatuses.of(entry);
  return diverged ? "diverged" : state;
}

/** A word or two. Reactive. */
export function stateWord(entry: RunEntry): string {
  const { state, diverged } = runStatuses.of(entry);
  return [
    ...(diverged ? [t().divergedSince(formatStep(diverged.step))] : []),
    t().stateWords[state],
    ...(entry.damage.length ? [t().damaged] : []),
  ].join(", ");
}

/** Sentences. Reactive, but for the time that passes. */
export function stateSentences(entry: RunEntry): string[] {
  const { state, diverged, last_growth, last_wall_time } = runStatuses.of(entry);
  const seen = last_growth ?? last_wall_time;
  const how =
    state === "growing"
      ? t().states.growing(seen === null ? "–" : formatAgo(Math.max(0, Date.now() / 1000 - seen)))
      : state === "silent"
        ? t().states.silent(seen === null ? "–" : formatTime(seen))
        : t().states.finished(last_wall_time === null ? "–" : formatTime(last_wall_time));
  return diverged ? [t().diverged(diverged.tag, formatStep(diverged.step)), how] : [how];
}
