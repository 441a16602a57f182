/** One question that is asked again and again: as its input changes, as the log grows, as the connection comes back. */

import { untrack } from "svelte";
import { isAbort } from "../api/client";
import { paced } from "../base/paced";

/** Why the last question was not answered. */
export interface Problem {
  message: string;
  /** When the first of the failures in a row was seen, milliseconds since 1970. */
  since: number;
}

/** What a card shows answers of. */
export interface Source {
  /** Whether there is something to show. */
  readonly ready: boolean;
  /** Why it may be old, or missing. */
  readonly problem: Problem | null;
  /** Asks again what failed. */
  retry(): void;
}

/**
 * Keeps the last good answer while later questions are under way or fail.
 *
 * @example
 * const query = new Query(askScalars);
 * $effect(() => query.ask(question, live.version("scalars", tag)));
 */
export class Query<Input, Answer> implements Source {
  #answer = $state.raw<Answer | null>(null);
  #answered = $state.raw<Input | null>(null);
  #problem = $state.raw<Problem | null>(null);
  /** What was asked last; null after a failure, so that the same may be asked again. */
  #asked: { input: Input; version: number } | null = null;
  #failed: { input: Input; version: number } | null = null;
  readonly #load;
  readonly #serves;

  /**
   * @param question asks the server; its input must be JSON, since equal inputs are asked once.
   * @param rest_ms see `paced`: how long a tag that grows all the time leaves the server alone.
   * @param serves whether the answer to what was asked holds all that is wanted now; by default if both are equal.
   */
  constructor(
    question: (input: Input) => Promise<Answer>,
    rest_ms?: (took_ms: number) => number,
    serves: (asked: Input, wanted: Input) => boolean = isSame,
  ) {
    this.#serves = serves;
    this.#load = paced(async ({ input, version }: { input: Input; version: number }) => {
      try {
        this.#answer = await question(input);
        this.#answered = input;
        this.#problem = null;
      } catch (error) {
        if (isAbort(error)) return;
        this.#failed = { input, version };
        this.#asked = null;
        const message = error instanceof Error ? error.message : String(error);
        this.#problem = { message, since: this.#problem?.since ?? Date.now() };
      }
    }, rest_ms);
  }

  /** The last good answer. Reactive, as are `answered` and `problem`. */
  get answer(): Answer | null {
    return this.#answer;
  }

  /** The input that the answer belongs to. */
  get answered(): Input | null {
    return this.#answered;
  }

  get ready(): boolean {
    return this.#answer !== null;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /**
   * Asks unless what was asked last serves. Another input is asked for at once, another version of what the server has
   * after a rest.
   */
  ask(input: Input, version = 0): void {
    const changed = this.#asked === null || !this.#serves(this.#asked.input, input);
    if (!changed && version === this.#asked?.version) return;
    this.#asked = { input, version };
    // The question begins within the caller's effect, which must not depend on what it reads.
    untrack(() => {
      if (changed) this.#load.now({ input, version });
      else this.#load({ input, version });
    });
  }

  retry(): void {
    if (this.#failed) this.ask(this.#failed.input, this.#failed.version);
  }

  /** Drops the answer, so that the next question is asked whatever it is. */
  forget(): void {
    this.#answer = this.#answered = this.#problem = null;
    this.#asked = this.#failed = null;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
