/** Whom a key belongs to that the page could act on. */

/** Kinds of `input` in which letters are not typed. */
const withoutText = ["range", "checkbox", "radio", "button", "color"];

/** Whether a letter belongs to what has the focus (a field that is typed in, an open menu) and not to the page. */
function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[popover]")) return true;
  if (target instanceof HTMLInputElement) return !withoutText.includes(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

/** Whether a key is pressed alone and is the page's to act on. */
export function isPageKey(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return !event.defaultPrevented && !modified && !event.isComposing && !takesLetters(event.target);
}

/** Ctrl+Z and its like, where no field has the focus that undoes its own typing. */
export function isUndo(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  return command && (key === "z" || (key === "y" && !event.shiftKey)) && !takesLetters(event.target);
}
