/** What docs/http_api.md promises of the routes that belong to no room. */

export interface Info {
  version: string;
  location: string;
  window_title: string | null;
  /** Plugins that the server has routes for. */
  rooms: string[];
}

export interface Damage {
  file: string;
  offset: number;
  length: number;
  reason: string;
}

/** A log directory: what it is called, and why nothing can be read there. */
export interface LogdirEntry {
  /** What the names of its runs begin with; empty where there is one. */
  name: string;
  /** Absolute path, or a pattern. */
  location: string;
  problem: "" | "missing" | "unreadable";
  /** What the system says of the problem. */
  reason: string;
  /** Of what is missing: directories that may have been meant. */
  similar: string[];
}

export const runStates = ["growing", "silent", "finished"] as const;

/** How a run is doing: of the catalog, and newer of `GET /api/runs`. */
export interface RunStatus {
  run: string;
  state: (typeof runStates)[number];
  /** Largest wall time of its points. */
  last_wall_time: number | null;
  /** When the server saw it grow last, seconds since 1970 by the server's clock. */
  last_growth: number | null;
  points: number;
  bytes: number;
  /** The tag that has had no finite value since a step, the earliest of such. */
  diverged: { tag: string; step: number } | null;
}

export interface RunEntry extends RunStatus {
  start_wall_time: number | null;
  files: number;
  damage: Damage[];
}

/** One tag of one plugin; the lists are parallel. */
export interface SeriesEntry {
  tag: string;
  display_name: string;
  description: string;
  /** Indices into the catalog's runs. */
  runs: number[];
  counts: number[];
  first_steps: number[];
  last_steps: number[];
}

export interface CatalogAnswer {
  cursor: number;
  /** The server's wall time. */
  now: number;
  loading: boolean;
  logdirs: LogdirEntry[];
  runs: RunEntry[];
  series: Record<string, SeriesEntry[]>;
}

/** `GET /api/about`. */
export interface About {
  version: string;
  /** Address of the documentation; null if this build knows none. */
  documentation: string | null;
}

/** How far the server has read: `GET /api/progress`. */
export interface Progress {
  loading: boolean;
  files: number;
  files_read: number;
  bytes: number;
  bytes_read: number;
  points: number;
  runs: number;
  elapsed_s: number;
}

export interface Change {
  cursor: number;
  /** Ask for the catalog anew. */
  catalog: boolean;
  /** Tags by plugin that grew; null: everything may have. */
  series: Record<string, string[]> | null;
}
