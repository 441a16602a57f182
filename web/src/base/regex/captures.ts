/**
 * What the parentheses of an expression captured, in time that grows with expression × text: ways are tried one after the other, in the
 * order in which a browser's engine tries them, but no state twice at a place, since what failed there once fails again.
 *
 * **Source**: R. Cox, "Regular Expression Matching: the Virtual Machine Approach" (2009), and RE2's `BitState`. Where a repetition's item may
 * be empty, or a capture is left out in its last round, a browser's engine may say something else of that capture.
 */

import { compileProgram, lookPlaces, type Budget, type Program } from "./match";
import { RegexError, type Node } from "./parse";

export interface Captures {
  /** Of each pair of capturing parentheses; null for one without a name. */
  names: readonly (string | null)[];
  /** The first match in a text: all of it, then each capture (null: it took no part). Null if there is no match. */
  match: (text: string) => readonly (string | null)[] | null;
}

/**
 * @param budget bounds the work on many texts, see `compile`.
 * @throws RegexError where `source` is no expression, or one with references (`\1`).
 */
export function compileCaptures(source: string, budget: Budget | null = null): Captures {
  const { program, tree } = compileProgram(source);
  const names: (string | null)[] = [];
  collectNames(tree, names);
  return {
    names,
    match(text) {
      const found = search(program, text, names.length, budget);
      if (!found) return null;
      const { start, end, slots } = found;
      const parts = names.map((_, i) => {
        const [from, to] = [slots[2 * i]!, slots[2 * i + 1]!];
        return from < 0 || to < from ? null : text.slice(from, to);
      });
      return [text.slice(start, end), ...parts];
    },
  };
}

function collectNames(node: Node, names: (string | null)[]): void {
  if (node.type === "capture") names[node.index] = node.name;
  if ("items" in node) for (const item of node.items) collectNames(item, names);
  if ("item" in node) collectNames(node.item, names);
}

interface Found {
  start: number;
  end: number;
  /** Beginning and end of each capture; -1 where it took no part. */
  slots: Int32Array;
}

/** To clear that many places of memory takes as long as one instruction. */
const clearedAtOnce = 16;

function search(
  { code, start: entry, looks }: Program,
  text: string,
  captures: number,
  budget: Budget | null,
): Found | null {
  const places = lookPlaces({ code, start: entry, looks, backward: false }, text, budget);
  const width = text.length + 1;
  if (budget) budget.left -= (code.length * width) / clearedAtOnce;
  const visited = new Uint8Array(code.length * width);
  const slots = new Int32Array(2 * captures);
  /** Pairs: an instruction and a place to go on from; or −1 − slot and what it held before, to be put back. */
  const waiting: number[] = [];

  /** Follows one way to its end. @returns where the match ends; -1 if it is none. */
  function follow(pc: number, at: number): number {
    for (;;) {
      const state = pc * width + at;
      if (visited[state]) return -1;
      if (budget && --budget.left < 0) throw new RegexError("too-slow", 0);
      visited[state] = 1;
      const instruction = code[pc]!;
      switch (instruction.op) {
        case "match":
          return at;
        case "character":
          if (at === text.length || !instruction.test(text.charCodeAt(at))) return -1;
          at++;
          break;
        case "split":
          for (let i = instruction.to.length - 1; i > 0; i--) waiting.push(instruction.to[i]!, at);
          pc = instruction.to[0]!;
          continue;
        case "save":
          waiting.push(-1 - instruction.slot, slots[instruction.slot]!);
          slots[instruction.slot] = at;
          break;
        case "assertion":
          if (!instruction.holds(text, at)) return -1;
          break;
        case "look":
          if ((places[instruction.index]![at] === 1) === instruction.negative) return -1;
      }
      pc = instruction.next;
    }
  }

  for (let start = 0; start <= text.length; start++) {
    slots.fill(-1);
    waiting.push(entry, start);
    while (waiting.length) {
      const value = waiting.pop()!;
      const pc = waiting.pop()!;
      if (pc < 0) {
        slots[-1 - pc] = value;
        continue;
      }
      const end = follow(pc, value);
      if (end >= 0) return { start, end, slots };
    }
  }
  return null;
}
