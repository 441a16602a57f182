import type { Command } from "../state/commands";

/**
 * Commands that hold every typed word in label or group, labels that begin with the first word first; else in their own order. Those for each
 * card or run are found by a word of what they do, so that a name alone finds the thing of that name.
 */
export function search(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return commands.filter((command) => !command.each);
  const found = commands.filter((command) => {
    const text = `${command.group} ${command.label}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    return !command.each || words.some((word) => command.group.toLowerCase().includes(word));
  });
  const rank = (command: Command) =>
    (command.label.toLowerCase().startsWith(first) ? 0 : 1) + (command.each ? 2 : 0);
  return found.sort((a, b) => rank(a) - rank(b));
}
