import { expect, test } from "vitest";
import { lowerIsBetter } from "./lowerIsBetter";

test.each([
  "loss",
  "train/loss",
  "val_loss",
  "eval/nll",
  "test_rmse",
  "wer",
  "val/error",
  "ppl",
  "kl",
  "FID",
])("%s: lower", (name) => expect(lowerIsBetter(name)).toBe(true));
test.each(["acc", "val/acc", "reward", "f1", "mAP", "bleu", "ssim", "auc", "terrain", "lr"])(
  "%s: higher",
  (name) => expect(lowerIsBetter(name)).toBe(false),
);
