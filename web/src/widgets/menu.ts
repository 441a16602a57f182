/** Context of what a menu holds: gives the text that its entries are filtered by; empty for all. Reactive. */
export const menuFilter = Symbol("menu filter");
