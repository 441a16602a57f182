/**
 * Matches in time that grows with expression × text and no faster, whatever the expression: all its states walk over the text side by side.
 * A browser's own engine tries one way after another, of which `(a+)+$` has 2^n, and nothing in the page can stop it.
 *
 * **Source**: R. Cox, "Regular Expression Matching Can Be Simple And Fast" (Thompson's construction). A look ahead is one walk from the
 * text's end to its beginning that notes where its expression begins, a look behind one in the other direction.
 */

import { parse, RegexError, type Node } from "./parse";

export type Instruction =
  | { op: "character"; test: CharacterTest; next: number }
  /** The first way is the one to try first. */
  | { op: "split"; to: readonly number[] }
  /** Notes the place as the beginning (even slots) or end of a capture. */
  | { op: "save"; slot: number; next: number }
  | { op: "assertion"; holds: (text: string, at: number) => boolean; next: number }
  | { op: "look"; program: Program; negative: boolean; index: number; next: number }
  | { op: "match" };

export interface Program {
  code: Instruction[];
  start: number;
  backward: boolean;
  looks: Extract<Instruction, { op: "look" }>[];
}

/** Repetitions are written out, so `(a{999}){999}` must end somewhere. */
const largestProgram = 2000;

/** Instructions that one expression may take over all names: about a second of a slow machine. */
export const mostWork = 40_000_000;

/** How many instructions may still be run, over all texts together. */
export interface Budget {
  left: number;
}

/**
 * @param budget bounds the work on many texts; without one each text is worked through, however many there are.
 * @returns whether the expression is found somewhere in a text; letters of either case match. It throws a RegexError of reason `too-slow`
 * once the budget is used up.
 * @throws RegexError where `source` is no expression, or one with references (`\1`), which no method can match in bounded time.
 */
export function compile(source: string, budget: Budget | null = null): (text: string) => boolean {
  const { program } = compileProgram(source);
  return (text) => walk(program, text, null, budget);
}

/** @throws RegexError as `compile` does. */
export function compileProgram(source: string): { program: Program; tree: Node } {
  const tree = parse(source);
  try {
    // Never run: it only knows the last of the rules that `parse` does not.
    new RegExp(source, "i");
  } catch {
    throw new RegexError("other", 0);
  }
  return { program: build(tree, false, { left: largestProgram }), tree };
}

function build(tree: Node, backward: boolean, budget: { left: number }): Program {
  const program: Program = { code: [], start: 0, backward, looks: [] };

  /** Instructions are made from the last to the first: each knows where it leads. */
  function add(instruction: Instruction): number {
    if (--budget.left < 0) throw new RegexError("too-large", 0);
    return program.code.push(instruction) - 1;
  }

  function emit(node: Node, next: number): number {
    switch (node.type) {
      case "character":
        return add({ op: "character", test: characterTest(node.source), next });
      case "sequence":
        return (backward ? node.items : node.items.toReversed()).reduce((to, item) => emit(item, to), next);
      case "choice":
        return add({ op: "split", to: node.items.map((item) => emit(item, next)) });
      case "assertion":
        return add({ op: "assertion", holds: assertions[node.kind], next });
      case "look": {
        const inner = build(node.item, node.ahead, budget);
        const index = program.looks.length;
        const made = { op: "look", program: inner, negative: node.negative, index, next } as const;
        program.looks.push(made);
        return add(made);
      }
      case "repeat":
        return repeat(node, next);
      case "capture": {
        const end = add({ op: "save", slot: 2 * node.index + 1, next });
        return add({ op: "save", slot: 2 * node.index, next: emit(node.item, end) });
      }
    }
  }

  function repeat(node: Extract<Node, { type: "repeat" }>, next: number): number {
    const { item, least, most, lazy } = node;
    const either = (once: number): number[] => (lazy ? [next, once] : [once, next]);
    let to = next;
    if (most === Infinity) {
      const ways: number[] = [];
      to = add({ op: "split", to: ways });
      ways.push(...either(emit(item, to)));
    } else for (let i = least; i < most; i++) to = add({ op: "split", to: either(emit(item, to)) });
    for (let i = 0; i < least; i++) to = emit(item, to);
    return to;
  }

  program.start = emit(tree, add({ op: "match" }));
  return program;
}

/**
 * @param found takes a 1 at each index where a match ends; without it the first match is enough.
 * @returns whether there was a match.
 */
export function walk(
  program: Program,
  text: string,
  found: Uint8Array | null,
  budget: Budget | null = null,
): boolean {
  const { code, backward } = program;
  const looks = lookPlaces(program, text, budget);
  /** When an instruction was last reached, as the number of the step. */
  const reached = new Int32Array(code.length).fill(-1);
  const waiting: number[] = [];
  let now: Extract<Instruction, { op: "character" }>[] = [];
  let soon: typeof now = [];
  let matched = false;
  /** Instructions that this step has run. */
  let work = 0;

  /** Goes on to where characters are wanted. */
  function follow(from: number, at: number, step: number): void {
    waiting.push(from);
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (reached[index] === step) continue;
      reached[index] = step;
      work++;
      const instruction = code[index]!;
      if (instruction.op === "character") soon.push(instruction);
      else if (instruction.op === "split") waiting.push(...instruction.to);
      else if (instruction.op === "save") waiting.push(instruction.next);
      else if (instruction.op === "match") {
        matched = true;
        if (found) found[at] = 1;
      } else if (
        instruction.op === "assertion"
          ? instruction.holds(text, at)
          : (looks[instruction.index]![at] === 1) !== instruction.negative
      )
        waiting.push(instruction.next);
    }
  }

  for (let step = 0; step <= text.length; step++) {
    if (budget && (budget.left -= work) < 0) throw new RegexError("too-slow", 0);
    work = 1;
    const at = backward ? text.length - step : step;
    if (step > 0) {
      const character = text.charCodeAt(backward ? at : at - 1);
      work += now.length;
      for (const instruction of now) if (instruction.test(character)) follow(instruction.next, at, step);
    }
    // A match may begin anywhere.
    follow(program.start, at, step);
    if (matched && !found) return true;
    [now, soon] = [soon, now];
    soon.length = 0;
  }
  return matched;
}

/** For each look of a program: a 1 at each index of the text at which what it looks for begins or ends. */
export function lookPlaces(program: Program, text: string, budget: Budget | null = null): Uint8Array[] {
  return program.looks.map((look) => {
    const places = new Uint8Array(text.length + 1);
    walk(look.program, text, places, budget);
    return places;
  });
}

const wordCharacter = characterTest("\\w");
const isWord = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && wordCharacter(text.charCodeAt(at));
const atBoundary = (text: string, at: number): boolean => isWord(text, at - 1) !== isWord(text, at);

const assertions = {
  start: (_: string, at: number) => at === 0,
  end: (text: string, at: number) => at === text.length,
  word: atBoundary,
  "no-word": (text: string, at: number) => !atBoundary(text, at),
};

type CharacterTest = (code: number) => boolean;

/** Asks the browser's engine, once for each character that comes. */
function characterTest(source: string): CharacterTest {
  const pattern = new RegExp(`^(?:${source})$`, "i");
  const known = new Map<number, boolean>();
  return (code) => {
    let matches = known.get(code);
    if (matches === undefined) known.set(code, (matches = pattern.test(String.fromCharCode(code))));
    return matches;
  };
}
