/** As what a selection can be saved. */
export const selectionFiles = ["csv", "npy", "vectors", "metadata"] as const;
export type SelectionFile = (typeof selectionFiles)[number];
