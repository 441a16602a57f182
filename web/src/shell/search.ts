import type { Command } from "../state/commands";

/** Commands that hold every typed word in label or group, labels that begin with the first word first; else in their own order. */
export function search(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return [...commands];
  const found = commands.filter((command) => {
    const text = `${command.group} ${command.label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = (command: Command) => (command.label.toLowerCase().startsWith(first) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}
