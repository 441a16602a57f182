/** Methods of layouts: how the coordinates of all points are made. */

/** Methods whose layouts are jobs on the server. */
const fitted = ["tsne", "umap"] as const;
export type Fitted = (typeof fitted)[number];

export const methods = ["pca", ...fitted, "axes"] as const;
export type Method = (typeof methods)[number];

export function isFitted(method: Method): method is Fitted {
  return fitted.some((name) => name === method);
}
