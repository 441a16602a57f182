/**
 * Bookmarks in the form of TensorBoard's file: a JSON array of states. A state holds the view, the selection and a label; what TensorBoard has
 * no place for (a note, the whole view of this page) stands in a member of our own, which it leaves alone.
 *
 * **Source**: tensorboard/plugins/projector/vz_projector/data.ts (`State`), vz-projector.ts (`getCurrentState`, `loadState`),
 * scatterPlot.ts (`CameraDef`), tensorboard 2.21.0.
 */

export interface Bookmark {
  label: string;
  isSelected: boolean;
  selectedProjection: "pca" | "tsne" | "umap" | "custom";
  /** Points and dimensions; TensorBoard takes no bookmark of other data. */
  dataSetDimensions: [number, number];
  tSNEIteration: number;
  tSNEPerplexity: number;
  tSNELearningRate: number;
  tSNEis3d: boolean;
  umapIs3d: boolean;
  umapNeighbors: number;
  umapMinDist: number;
  pcaComponentDimensions: number[];
  /** Of t-SNE and UMAP, which cannot be computed again: `{"tsne-0": …}` for each point. */
  projections: Record<string, number>[];
  selectedPoints: number[];
  /** The points that are drawn; null: all. */
  filteredPoints: number[] | null;
  shuffledDataIndices: number[];
  cameraDef: {
    orthographic: boolean;
    position: [number, number, number];
    target: [number, number, number];
    zoom: number;
  };
  selectedColorOptionName?: string;
  forceCategoricalColoring: boolean;
  selectedLabelOption?: string;
  cupola?: { note: string; address: string };
}

/**
 * The states of a file.
 *
 * @throws Error saying what is wrong, with the place in the array.
 */
export function parseBookmarks(
  text: string,
  shape: readonly [number, number],
  say: BookmarkProblems,
): Bookmark[] {
  let states: unknown;
  try {
    states = JSON.parse(text);
  } catch (error) {
    throw new Error(say.noJson((error as Error).message), { cause: error });
  }
  return checkBookmarks(states, shape, say);
}

export interface BookmarkProblems {
  noJson: (why: string) => string;
  noList: string;
  noState: (place: number) => string;
  otherShape: (place: number, theirs: string, ours: string) => string;
}

export function checkBookmarks(
  states: unknown,
  shape: readonly [number, number],
  say: BookmarkProblems,
): Bookmark[] {
  if (!Array.isArray(states)) throw new Error(say.noList);
  return states.map((state: unknown, at) => {
    const found = state as Partial<Bookmark> | null;
    const theirs = found?.dataSetDimensions;
    if (found === null || typeof found !== "object" || !Array.isArray(theirs))
      throw new Error(say.noState(at + 1));
    if (theirs[0] !== shape[0] || theirs[1] !== shape[1])
      throw new Error(say.otherShape(at + 1, theirs.join(" × "), shape.join(" × ")));
    return completed(found, shape);
  });
}

/** Members that an older version, or another program, left out. */
function completed(state: Partial<Bookmark>, shape: readonly [number, number]): Bookmark {
  const indices = (list: unknown): number[] =>
    (Array.isArray(list) ? list : []).filter(
      (index): index is number => Number.isInteger(index) && index >= 0 && index < shape[0],
    );
  return {
    ...empty,
    ...state,
    label: typeof state.label === "string" ? state.label : "",
    selectedPoints: indices(state.selectedPoints),
    filteredPoints: Array.isArray(state.filteredPoints) ? indices(state.filteredPoints) : null,
    pcaComponentDimensions: indices(state.pcaComponentDimensions),
    dataSetDimensions: [...shape],
  };
}

export const empty: Bookmark = {
  label: "",
  isSelected: false,
  selectedProjection: "pca",
  dataSetDimensions: [0, 0],
  tSNEIteration: 0,
  tSNEPerplexity: 30,
  tSNELearningRate: 10,
  tSNEis3d: true,
  umapIs3d: true,
  umapNeighbors: 15,
  umapMinDist: 0.1,
  pcaComponentDimensions: [],
  projections: [],
  selectedPoints: [],
  filteredPoints: null,
  shuffledDataIndices: [],
  cameraDef: { orthographic: false, position: [0.45, 0.9, 1.6], target: [0, 0, 0], zoom: 1 },
  forceCategoricalColoring: false,
};

/** TensorBoard stretches every axis to this half length. */
const halfCube = 1;

/** From our coordinates to TensorBoard's, and back. @param positions three coordinates a point. */
export function cubeOf(positions: Float32Array): {
  to: (place: readonly number[]) => [number, number, number];
  from: (place: readonly number[]) => [number, number, number];
} {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const value = positions[i]!;
    if (value < low[i % 3]!) low[i % 3] = value;
    if (value > high[i % 3]!) high[i % 3] = value;
  }
  const middle = low.map((value, axis) => (Number.isFinite(value) ? (value + high[axis]!) / 2 : 0));
  const half = low.map((value, axis) => (high[axis]! > value ? (high[axis]! - value) / 2 : 1));
  const each = (place: readonly number[], map: (value: number, axis: number) => number) =>
    [0, 1, 2].map((axis) => map(place[axis] ?? 0, axis)) as [number, number, number];
  return {
    to: (place) => each(place, (value, axis) => ((value - middle[axis]!) / half[axis]!) * halfCube),
    from: (place) => each(place, (value, axis) => (value / halfCube) * half[axis]! + middle[axis]!),
  };
}
