/** What is wrong with an expression, as a sentence in the page's language. */

import { messages } from "../i18n.svelte";
import { regexReason } from "../pattern";
import type { ExpressionError, Reason } from "./lexer";

const t = messages<Record<Reason, (detail: string) => string>>({
  en: {
    empty: () => "Nothing is written here",
    "open-string": (quote) => `The ${quote} is never closed`,
    stray: (text) => `“${text}” has no place here`,
    "wants-operand": (text) => `A column or a value is missing${text ? ` before “${text}”` : " at the end"}`,
    "wants-operator": (text) => `“and”, “or” or a comparison is missing before “${text}”`,
    "wants-close": (text) => (text ? `“)” or “,” is missing before “${text}”` : "“)” is missing at the end"),
    "wants-list": () => "“in” wants a list: lr in [0.1, 0.01]",
    "wants-text": () => '“~” wants a regular expression in quotes: name ~ "seed[12]"',
    "unknown-column": (name) => `There is no column “${name}”`,
    "unknown-statistic": (name) => `“${name}” is none of last, min, max, first, at, count`,
    "no-date": (text) => `“${text}” is no time: 2026-11-26, 2026-11-26T18:30 or 10m (ago)`,
    regex: (reason) => regexReason(reason),
    "too-slow": (pattern) => `“${pattern}” takes too long on so many names and was stopped`,
    "too-deep": () => "Too many parentheses in one another",
  },
  "zh-CN": {
    empty: () => "这里没有内容",
    "open-string": (quote) => `${quote} 没有闭合`,
    stray: (text) => `“${text}”不应出现在这里`,
    "wants-operand": (text) => (text ? `“${text}”前缺少列或值` : "末尾缺少列或值"),
    "wants-operator": (text) => `“${text}”前缺少 and、or 或比较符号`,
    "wants-close": (text) => (text ? `“${text}”前缺少“)”或“,”` : "末尾缺少“)”"),
    "wants-list": () => "in 后应为列表：lr in [0.1, 0.01]",
    "wants-text": () => '~ 后应为带引号的正则表达式：name ~ "seed[12]"',
    "unknown-column": (name) => `没有名为“${name}”的列`,
    "unknown-statistic": (name) => `“${name}”不是 last、min、max、first、at、count 之一`,
    "no-date": (text) => `“${text}”不是时间：2026-11-26、2026-11-26T18:30 或 10m（以前）`,
    regex: (reason) => regexReason(reason),
    "too-slow": (pattern) => `“${pattern}”在这么多名称上耗时过长，已停止`,
    "too-deep": () => "括号嵌套过深",
  },
});

const place = messages({
  en: { at: (problem: string, character: number) => `${problem} (character ${character})` },
  "zh-CN": { at: (problem: string, character: number) => `${problem}（第 ${character} 个字符）` },
});

export function explain(error: ExpressionError): string {
  return place().at(t()[error.reason](error.detail), error.start + 1);
}
