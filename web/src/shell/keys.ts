/** Keys that work in every room: from card to card, and the pressing of a card's buttons. */

/** The card that keys act on: the focused one, else the one under the pointer. */
function activeCard(): HTMLElement | null {
  return (
    document.activeElement?.closest<HTMLElement>("[data-card]") ??
    document.querySelector<HTMLElement>("[data-card]:hover")
  );
}

/** Goes to the next (1) or previous (-1) card. */
export function moveCard(by: 1 | -1): void {
  const cards = [...document.querySelectorAll<HTMLElement>("main [data-card]")];
  const index = cards.indexOf(activeCard()!);
  const next =
    cards[index < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, index + by))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** Presses the button of the active card that names this key (`data-key`). */
export function pressCardKey(key: string): boolean {
  const scope = document.querySelector<HTMLElement>("dialog[open] [data-card]") ?? activeCard();
  const button = [...(scope?.querySelectorAll<HTMLElement>("[data-key]") ?? [])].find(
    (found) => found.dataset["key"] === key,
  );
  if (!button || !scope) return false;
  button.click();
  // A card that is widened goes to another row: the key stays with it, and it stays in view.
  scope.focus({ preventScroll: true });
  requestAnimationFrame(() => scope.scrollIntoView({ block: "nearest" }));
  return true;
}
