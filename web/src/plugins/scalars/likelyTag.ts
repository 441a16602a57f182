/** Which tag says best how a run goes, where nobody has chosen one. */

/** What people look for, most of all first. */
const kinds = [/loss/i, /reward|return/i, /acc(uracy)?(?![a-z])/i];

/** Words beside it that name a whole and not a part of it, those of data that was not trained on first. */
const wholes = [
  "val",
  "valid",
  "validation",
  "eval",
  "test",
  "dev",
  "train",
  "training",
  "total",
  "mean",
  "episode",
];

/** A tag counts while it has at least this share of the runs that the most common tag has. */
const share = 0.9;

/** The tag that most runs have: a loss, else a reward, else an accuracy, of validation before training, before one of many parts; else the first. */
export function likelyTag(tags: readonly { tag: string; runs: number }[]): string | null {
  const most = tags.reduce((count, { runs }) => Math.max(count, runs), 0);
  const common = tags.filter(({ runs }) => runs >= share * most);
  let best: { tag: string; rank: number; runs: number } | null = null;
  for (const { tag, runs } of common) {
    const rank = rankOf(tag);
    if (!best || rank < best.rank || (rank === best.rank && runs > best.runs)) best = { tag, rank, runs };
  }
  return best?.tag ?? null;
}

function rankOf(tag: string): number {
  const kind = kinds.findIndex((pattern) => pattern.test(tag));
  if (kind < 0) return kinds.length * 100;
  const others = tag
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word && !kinds[kind]!.test(word));
  const places = others.map((word) => wholes.indexOf(word));
  // A bare `loss` stands between those of validation and of training.
  const place =
    others.length === 0 ? wholes.indexOf("dev") + 0.5 : Math.max(...places.map((at) => (at < 0 ? 90 : at)));
  return kind * 100 + place;
}
