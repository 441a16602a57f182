import type { Bookmark } from "./bookmarks";

/** A state as TensorBoard 2.21.0 saves it. */
export const bookmark: Bookmark = {
  label: "State 0",
  isSelected: true,
  tSNEIteration: 0,
  tSNEPerplexity: 8,
  tSNELearningRate: 10,
  tSNEis3d: true,
  umapIs3d: true,
  umapNeighbors: 15,
  umapMinDist: 0.1,
  pcaComponentDimensions: [0, 1, 2],
  projections: [{ "pca-0": 0.5, "pca-1": -0.25, "pca-2": 0 }],
  selectedPoints: [1, 2],
  shuffledDataIndices: [0, 1, 2],
  selectedProjection: "pca",
  dataSetDimensions: [3, 2],
  filteredPoints: null,
  cameraDef: { orthographic: false, position: [0.45, 0.9, 1.6], target: [0, 0, 0], zoom: 1 },
  selectedColorOptionName: "label",
  forceCategoricalColoring: false,
  selectedLabelOption: "label",
};
