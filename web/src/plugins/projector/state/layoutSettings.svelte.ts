/** Parameters of t-SNE and UMAP, in the address. */

import { number, param, text } from "../../../state/url.svelte";
import type { Settings } from "../layouts";
import type { Fitted } from "../method";

/** The bounds are the server's (layouts/parameters.py). */
export class LayoutSettings {
  readonly perplexity = param("perplexity", 30, number);
  /** 0: by the number of points. */
  readonly learningRate = param("learning_rate", 0, number);
  readonly iterations = param("iterations", 1000, number);
  readonly neighbours = param("umap_neighbours", 15, number);
  readonly minDistance = param("min_distance", 0.1, number);
  /** 0: by the number of points. */
  readonly epochs = param("epochs", 0, number);
  readonly components = param("fit_components", 50, number);
  readonly points = param("fit_points", 1_000_000, number);
  readonly seed = param("seed", 0, number);
  /** Percent. */
  readonly supervise = param("supervise", 0, number);
  readonly superviseField = param("supervise_by", "", text);
  readonly superviseIgnore = param("supervise_ignore", "", text);

  readonly #tsne = [this.perplexity, this.learningRate, this.iterations];
  readonly #umap = [this.neighbours, this.minDistance, this.epochs];
  readonly #common = [this.components, this.points, this.seed, this.supervise];

  /** As the server names them. */
  of(method: Fitted, flat: boolean, sphereize: boolean): Settings {
    const own: Settings =
      method === "tsne"
        ? {
            perplexity: this.perplexity.value,
            learning_rate: this.learningRate.value,
            iterations: this.iterations.value,
          }
        : {
            neighbours: this.neighbours.value,
            min_distance: this.minDistance.value,
            iterations: this.epochs.value,
          };
    return {
      ...own,
      dimensions: flat ? 2 : 3,
      sphereize: sphereize ? 1 : 0,
      components: this.components.value,
      points: this.points.value,
      seed: this.seed.value,
      supervise: this.supervise.value,
      field: this.superviseField.value,
      ignore: this.superviseIgnore.value,
    };
  }

  /** Puts the parameters of a method back to their defaults. */
  reset(method: Fitted): void {
    const [first, second, third] = method === "tsne" ? this.#tsne : this.#umap;
    const defaults = method === "tsne" ? [30, 0, 1000] : [15, 0.1, 0];
    [first!.value, second!.value, third!.value] = defaults as [number, number, number];
    const common = [50, 1_000_000, 0, 0];
    this.#common.forEach((setting, at) => (setting.value = common[at]!));
    this.superviseField.value = this.superviseIgnore.value = "";
  }
}
