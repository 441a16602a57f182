/** What a person types to filter by: a regular expression; letters of either case match. */

import { messages } from "./i18n.svelte";
import { compile, type Budget } from "./regex/match";
import { RegexError, type Reason } from "./regex/parse";

export interface Pattern {
  /** What is wrong with the expression and where, in the page's language; null if nothing is. */
  readonly problem: string | null;
  /**
   * Whether it is found in a text, in time that grows with the text's length whatever the expression. What is no expression is looked for
   * as it is; a filter that people type keeps the last that was one instead, see state/pattern.
   */
  test(text: string): boolean;
}

const t = messages<{ reasons: Record<Reason, string>; at: (problem: string, place: number) => string }>({
  en: {
    reasons: {
      "open-group": "“(” is never closed",
      "open-class": "“[” is never closed",
      "extra-close": "“)” without “(”",
      "nothing-to-repeat": "nothing to repeat",
      "repeat-order": "the larger number comes first",
      "end-of-escape": "nothing follows “\\”",
      reference: "a reference to a group cannot be used here",
      "group-kind": "an unknown kind of group",
      "too-large": "too long an expression",
      "too-slow": "it takes too long; stopped",
      other: "not a regular expression",
    },
    at: (problem, place) => `${problem} (character ${place})`,
  },
  "zh-CN": {
    reasons: {
      "open-group": "“(”没有闭合",
      "open-class": "“[”没有闭合",
      "extra-close": "“)”没有对应的“(”",
      "nothing-to-repeat": "没有可重复的内容",
      "repeat-order": "大的数字在前",
      "end-of-escape": "“\\”后没有内容",
      reference: "此处不能引用分组",
      "group-kind": "未知的分组类型",
      "too-large": "表达式过长",
      "too-slow": "耗时过长，已停止",
      other: "不是正则表达式",
    },
    at: (problem, place) => `${problem}（第 ${place} 个字符）`,
  },
});

/** What a RegexError's reason means. */
export function regexReason(reason: string): string {
  return Object.hasOwn(t().reasons, reason) ? t().reasons[reason as Reason] : t().reasons.other;
}

/** What a person types most: no sign of an expression in it, so it is looked for as it is. */
const plain = /^[\w /=,:@-]*$/;

/**
 * Whether a typed pattern is found in a text.
 *
 * @param budget bounds the work on many texts, see `compile`.
 * @throws RegexError where it is no regular expression.
 */
export function matcher(typed: string, budget: Budget | null = null): (text: string) => boolean {
  return plain.test(typed) ? contains(typed) : compile(typed, budget);
}

function contains(typed: string): (text: string) => boolean {
  const wanted = typed.toLowerCase();
  return (text) => text.toLowerCase().includes(wanted);
}

export function makePattern(typed: string): Pattern {
  try {
    return { problem: null, test: matcher(typed) };
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return {
      get problem() {
        return describeRegexError(error);
      },
      test: contains(typed),
    };
  }
}

/** What is wrong with an expression and where, in the page's language. */
export function describeRegexError({ reason, at }: RegexError): string {
  return t().at(t().reasons[reason], at + 1);
}
