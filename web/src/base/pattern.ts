/** A filter that a person types: a regular expression, or plain text where it is not one. */
export interface Pattern {
  /** What is wrong with the expression; null if it is one (or empty). */
  problem: string | null;
  test(text: string): boolean;
}

/** Letters of either case match. While an expression is half typed (`lr(`) it is searched for as plain text. */
export function makePattern(typed: string): Pattern {
  if (typed === "") return { problem: null, test: () => true };
  try {
    const pattern = new RegExp(typed, "i");
    return { problem: null, test: (text) => pattern.test(text) };
  } catch (error) {
    const plain = typed.toLowerCase();
    const problem = error instanceof Error ? error.message : String(error);
    return { problem, test: (text) => text.toLowerCase().includes(plain) };
  }
}
