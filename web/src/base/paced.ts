/** A paced job: called like a function; `now` does not wait for the rest after the last one. */
export interface Paced<Input> {
  (input: Input): void;
  now(input: Input): void;
}

/**
 * Runs a job for the newest input only: at most one is under way, and what was asked for meanwhile is replaced by what was asked for
 * later. After each the job rests, by default as long as it took, so that a slow server or a full main thread has half of its time to
 * itself. The first call runs at once.
 *
 * @param job what to do; asynchronous or not. It handles its own errors.
 * @param rest_ms how long to rest after a job that took so many milliseconds.
 *
 * @example
 * const load = paced(async (question: Question) => (answer = await ask(question)));
 * load(question); // a value that changed by itself: in its turn
 * load.now(question); // a person turned a knob: as soon as the present answer is there
 */
export function paced<Input>(
  job: (input: Input) => void | Promise<void>,
  rest_ms: (took_ms: number) => number = (took_ms) => took_ms,
): Paced<Input> {
  let running = false;
  let waiting: { input: Input; urgent: boolean } | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;

  async function run(input: Input): Promise<void> {
    running = true;
    const start_ms = performance.now();
    try {
      await job(input);
    } finally {
      running = false;
      const rest = waiting?.urgent ? 0 : rest_ms(performance.now() - start_ms);
      if (rest > 0) resting = setTimeout(next, rest);
      else next();
    }
  }

  function next(): void {
    clearTimeout(resting);
    resting = undefined;
    const asked = waiting;
    waiting = null;
    if (asked) void run(asked.input);
  }

  function ask(input: Input, urgent: boolean): void {
    waiting = { input, urgent: urgent || (waiting?.urgent ?? false) };
    if (!running && (urgent || resting === undefined)) next();
  }

  return Object.assign((input: Input) => ask(input, false), { now: (input: Input) => ask(input, true) });
}
