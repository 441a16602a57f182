import { on } from "svelte/events";

/**
 * Makes reactive values that outlive whatever is running now. A `$derived` belongs to the component (or effect) in which it is made, and
 * stands still once that is gone; one that is made inside a reaction is not tracked by it either. What is made on demand and kept, such
 * as the state of a card that may scroll away and come back, is made in here.
 *
 * @example const state = detached(() => new CardState(run, tag));
 */
export function detached<T>(make: () => T): T {
  let made: { value: T } | { error: unknown } | undefined;
  job = () =>
    $effect.root(() => {
      try {
        made = { value: make() };
      } catch (error) {
        made = { error };
      }
    });
  outside.dispatchEvent(new Event("run"));
  if (made && "value" in made) return made.value;
  throw made?.error;
}

/**
 * A root is still the child of the effect in which it is made, and a block (`{#if}`, `{#each}`) that runs again ends its children, roots
 * too. A handler of an event runs in no effect.
 */
const outside = new EventTarget();
let job: () => void;
on(outside, "run", () => job(), { capture: true });
