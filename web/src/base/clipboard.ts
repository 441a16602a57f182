/** Puts a text on the clipboard; false where the browser refuses. Without TLS browsers give no clipboard but to what is selected. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    // Within what has the focus: beside a modal dialog nothing can be selected.
    (document.activeElement?.parentElement ?? document.body).append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
