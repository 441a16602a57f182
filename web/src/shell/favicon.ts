/** The tab's icon tells how runs are doing, by shape as well as colour: a tab is seen from afar, and not by everybody in colour. */

/** How the log as a whole is doing; `trouble` stands beside `growth`. */
export interface LogState {
  growth: "growing" | "silent" | "finished" | null;
  trouble: "diverged" | "damaged" | null;
}

const dome = "M12 2v3M5 17v-3a7 7 0 0 1 14 0v3M2.5 17h19M5 21h14M9.5 17v-3.2a2.5 2.5 0 0 1 5 0V17";

/** A dot, a ring, a square; a cross, a triangle. White around them parts them from the dome. No tick: ticks say what is shown. */
const marks = {
  growing: '<circle cx="18.5" cy="18.5" r="4.5" fill="#0b9e6b" stroke="#fff" stroke-width="2"/>',
  silent: '<circle cx="18.5" cy="18.5" r="4" fill="#fff" stroke="#66686b" stroke-width="2.4"/>',
  finished: '<path d="M14 14h9v9h-9z" fill="#66686b" stroke="#fff" stroke-width="2"/>',
  diverged:
    '<circle cx="18" cy="6" r="6" fill="#fff"/><path d="M14.5 2.5l7 7m0-7l-7 7" stroke="#c02626" stroke-width="3"/>',
  damaged: '<path d="M18 .8l6 10.4H12z" fill="#d97c00" stroke="#fff" stroke-width="1.6"/>',
};

/** An SVG picture. */
export function favicon({ growth, trouble }: LogState): string {
  const badges = [growth, trouble].map((mark) => (mark ? marks[mark] : "")).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${dome}" fill="none" stroke="#1860d8" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>${badges}</svg>`;
}

/** What runs' states come to: one that grows says that the log does. Divergence counts first where it goes on. */
export function logState(
  runs: Iterable<{ state: "growing" | "silent" | "finished"; diverged: boolean; damaged: boolean }>,
): LogState {
  const all = [...runs];
  const growing = all.filter((run) => run.state === "growing");
  const growth =
    growing.length > 0
      ? "growing"
      : all.some((run) => run.state === "silent")
        ? "silent"
        : all.length > 0
          ? "finished"
          : null;
  const asked = growing.length > 0 ? growing : all;
  const trouble = asked.some((run) => run.diverged)
    ? "diverged"
    : all.some((run) => run.damaged)
      ? "damaged"
      : null;
  return { growth, trouble };
}
