/** A share of the whole in per cent, with a tenth where it is small. */
export function formatShare(fraction: number): string {
  return `${(100 * fraction).toFixed(fraction < 0.0995 ? 1 : 0)} %`;
}
