/** What becomes of what was selected before. */
export type Combine = "replace" | "add" | "subtract";

/** As the keys say that are held: Alt takes away, Shift, Ctrl and ⌘ add. */
export function combineOf(event: MouseEvent | KeyboardEvent): Combine {
  if (event.altKey) return "subtract";
  return event.shiftKey || event.ctrlKey || event.metaKey ? "add" : "replace";
}
