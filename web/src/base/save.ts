/** Saving to the person's disk. */

/** A name that every file system takes, from a run, a tag and the like. */
export function fileName(...parts: (string | number)[]): string {
  return parts
    .join("_")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .slice(0, 120);
}

/** Has the browser save what was made in the page. */
export function saveFile(name: string, data: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([data], { type }));
  saveUrl(name, address);
  URL.revokeObjectURL(address);
}

/** Has the browser save what an address answers. */
export function saveUrl(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
