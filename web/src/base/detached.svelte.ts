/**
 * Makes reactive values that outlive whatever is running now. A `$derived` belongs to the component (or effect) in which it is made, and
 * stands still once that is gone; one that is made inside a reaction is not tracked by it either. What is made on demand and kept, such
 * as the state of a card that may scroll away and come back, is made in here.
 *
 * @example const state = detached(() => new CardState(run, tag));
 */
export function detached<T>(make: () => T): T {
  let made!: T;
  // Two of them: a block of a template (`{#if}`, `{#each}`) that runs again ends a root that was made in it, but never a root within that.
  $effect.root(() => {
    $effect.root(() => {
      made = make();
    });
  });
  return made;
}
