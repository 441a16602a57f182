/** What lines are called where they stand beside one another. */

import { printable } from "../../base/printable";
import { SiblingNames } from "../../base/siblingNames";
import { runs } from "../../state/runs.svelte";
import { textWidth } from "../../widgets/textWidth";
import type { ReadLine } from "./reading";

/** The whole name, every letter of which is seen. */
export function wholeName(line: ReadLine): string {
  return printable(line.label ?? runs.shortName(line.name));
}

/** Names in so many px of a text of 12 px, cut so that no two of these lines look alike. */
export function shortNames(lines: readonly ReadLine[], room_px: number): (line: ReadLine) => string {
  const names = new Map(lines.map((line) => [line.name, wholeName(line)]));
  const siblings = new SiblingNames([...names.values()]);
  const font = `700 12px ${getComputedStyle(document.body).fontFamily}`;
  return (line) =>
    siblings
      .label(names.get(line.name) ?? wholeName(line), room_px, (text) => textWidth(text, font))
      .map(({ text }) => text)
      .join("");
}
