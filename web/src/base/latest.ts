/**
 * Runs an asynchronous job for the newest input only: at most one is under way, and what came while it ran is replaced by what came later.
 * So a slider dragged over a slow server asks once per answer, and the last position always wins.
 */
export function latestOnly<Input>(job: (input: Input) => Promise<void>): (input: Input) => void {
  let running = false;
  let waiting: { input: Input } | null = null;
  async function run(input: Input): Promise<void> {
    running = true;
    try {
      await job(input);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) void run(next.input);
    }
  }
  return (input) => {
    if (running) waiting = { input };
    else void run(input);
  };
}
