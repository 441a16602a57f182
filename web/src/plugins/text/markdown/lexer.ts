/** Markdown as logs hold it: marked's grammar without what would lose letters, with bounds on nesting. */

import { Lexer, Tokenizer, type MarkedOptions, type Token, type Tokens, type TokensList } from "marked";
import { followed, readTag } from "./elements";

/** How deep lists, quotes and emphasis may be nested within each other. */
export const maxDepth = 50;

const letter = /[\p{L}\p{N}]/gu;

function countLetters(text: string): number {
  return text.match(letter)?.length ?? 0;
}

class LogTokenizer extends Tokenizer {
  /** HTML is taken tag by tag, so that what stands between two tags stays Markdown. */
  override html(): undefined {
    return undefined;
  }

  override tag(source: string): Tokens.Tag | undefined {
    return readTag(source) as Tokens.Tag | undefined;
  }

  /** Every end of a line is one; a backslash before it stays. */
  override br(): undefined {
    return undefined;
  }

  /** `~5 and ~6` is about numbers: only two tildes strike out. */
  override del(source: string, masked: string, before?: string): Tokens.Del | undefined {
    return source.startsWith("~~") ? super.del(source, masked, before) : undefined;
  }

  /** `[INFO]: started` is a line of a log; a definition has an address, and something refers to it. */
  override def(source: string): Tokens.Def | undefined {
    const token = super.def(source);
    if (!token || !followed.test(token.href)) return undefined;
    return (this.lexer as LogLexer).refersTo(token.tag) ? token : undefined;
  }

  /** A row with more cells than the head has would lose them. */
  override table(source: string): Tokens.Table | undefined {
    const token = super.table(source);
    if (!token) return undefined;
    const cells = [token.header, ...token.rows].flat();
    const kept = cells.reduce((sum, cell) => sum + countLetters(cell.text), 0);
    return kept === countLetters(token.raw) ? token : undefined;
  }
}

export class LogLexer extends Lexer {
  #depth = 0;
  /** How often each label stands in brackets. */
  #labels = new Map<string, number>();

  constructor(options: MarkedOptions) {
    super({ ...options, tokenizer: new LogTokenizer() });
  }

  /** @throws RangeError where the text is nested deeper than `maxDepth`. */
  override lex(source: string): TokensList {
    for (const [, label] of source.matchAll(/\[([^[\]]{1,200})\]/g)) {
      const name = label!.toLowerCase().replace(/\s+/g, " ");
      this.#labels.set(name, (this.#labels.get(name) ?? 0) + 1);
    }
    return super.lex(source);
  }

  /** Whether a label stands anywhere beside its definition. */
  refersTo(label: string): boolean {
    return (this.#labels.get(label) ?? 0) > 1;
  }

  override blockTokens(source: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(source: string, tokens?: Token[], clipped?: boolean): Token[] {
    return this.#within(() => super.blockTokens(source, tokens, clipped));
  }

  override inlineTokens(source: string, tokens?: Token[]): Token[] {
    return this.#within(() => super.inlineTokens(source, tokens));
  }

  #within<T>(lex: () => T): T {
    if (this.#depth >= maxDepth) throw new RangeError(`nested deeper than ${maxDepth}`);
    this.#depth++;
    try {
      return lex();
    } finally {
      this.#depth--;
    }
  }
}
