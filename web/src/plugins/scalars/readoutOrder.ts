/** TensorBoard's orders of a tooltip's rows: by value, by distance to the pointer in the plane or in height alone, by name. */
export const readoutOrders = ["descending", "ascending", "nearest", "nearestY", "name"] as const;
export type ReadoutOrder = (typeof readoutOrders)[number];
