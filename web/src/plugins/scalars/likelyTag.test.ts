import { expect, test } from "vitest";
import { likelyTag } from "./likelyTag";

const common = (...tags: string[]) => tags.map((tag) => ({ tag, runs: 30 }));

test.each([
  [common("loss/aux", "loss/train"), "loss/train"],
  [common("epoch", "train/loss", "val/acc", "val/loss"), "val/loss"],
  [common("epoch", "lr", "rollout/ep_rew_mean", "reward/mean"), "reward/mean"],
  [common("epoch", "val/accuracy", "acceleration"), "val/accuracy"],
  [common("acceleration", "pace"), "acceleration"],
  [[...common("train/loss"), { tag: "test/loss", runs: 3 }], "train/loss"],
  [
    [
      { tag: "emoji/🎉 loss", runs: 1 },
      { tag: "loss", runs: 3 },
    ],
    "loss",
  ],
  [common("z", "a"), "z"],
  [[], null],
])("of %j it is %s", (tags, wanted) => expect(likelyTag(tags)).toBe(wanted));
