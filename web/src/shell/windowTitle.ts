/** What the browser's tab is called: which log, and how it goes. */

/** What to say; empty for what is not known. */
export interface TitleParts {
  /** What `--window_title` says: it stands alone. */
  given: string;
  /** Absolute paths of the log directories. */
  locations: readonly string[];
  /** `val/acc 0.93` */
  value: string;
  room: string;
}

/** Folders that every project has: alone they tell nothing. */
const common =
  /^(logs?|runs?|tb|tb_?logs?|tensorboard|lightning_logs|outputs?|events?|experiments?|results?)$/i;

/** What a person calls a log directory: the end of its path that tells it from others. */
export function logName(location: string): string {
  const parts = location.split(/[\\/]/).filter(Boolean);
  const last = parts.at(-1) ?? location;
  const parent = parts.at(-2);
  return parent !== undefined && common.test(last) ? `${parent}/${last}` : last;
}

/** A tab shows some twenty letters, so what tells logs apart stands first. */
export function windowTitle({ given, locations, value, room }: TitleParts): string {
  if (given) return given;
  const logs = locations.slice(0, 2).map(logName).join(", ") + (locations.length > 2 ? " …" : "");
  return [logs, value, room, "cupola"].filter(Boolean).join(" · ");
}
