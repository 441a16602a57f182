import { expect, test } from "vitest";
import { printable } from "./printable";

test.each([
  ["lr 0.1/seed 2", "lr 0.1/seed 2"],
  ["<b>&amp;</b>", "<b>&amp;</b>"],
  ["日本/😀/👨‍👩‍👧", "日本/😀/👨‍👩‍👧"],
  ["שלום", "שלום"],
  ["a\nb\tc\x7f", "a‹0A›b‹09›c‹7F›"],
  ["\u202egnp.exe", "‹202E›gnp.exe"],
  ["a\u200bb", "a‹200B›b"],
  ["lone \ud800", "lone ‹D800›"],
  [" a  b ", "␣a  b␣"],
  ["a\u00a0b\u3000c", "a‹A0›b‹3000›c"],
  ["", ""],
])("%j is read as %j", (name, read) => expect(printable(name)).toBe(read));
