/** Whether a metric is the better the lower it is, as far as its name tells. */

const lower =
  /loss|err(or)?s?\b|error_?rate|perplexity|\bppl\b|\b(nll|bpc|bpb|bce|mse|rmse|mae|mape|fid|kid|lpips|wer|cer|eer|ece|elbo_loss)\b|divergence|\bkl\b|regret|latency|\b(time|seconds|duration)\b/i;
/** Names in which a word of above stands for something else. */
const higher = /\b(lossless|error_free)\b/i;

/** @example lowerIsBetter("val/loss") // true */
export function lowerIsBetter(name: string): boolean {
  // A path's and a snake's parts are words of their own.
  const words = name.replace(/[/_.:-]+/g, " ");
  return lower.test(words) && !higher.test(words);
}
