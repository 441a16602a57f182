/** What goes into the layout and what comes out. Everything is numbers, so that a worker gets it cheaply and equal scopes look equal. */

/** A scope to lay out. */
export interface ScopeSpec {
  /** Width and height of each box; a box that is an open scope has that scope's index among the specs as `scope`. */
  items: { width: number; height: number; scope: number }[];
  inPorts: number;
  outPorts: number;
  edges: EdgeSpec[];
  /** Least width, so that the title fits. */
  minWidth: number;
  /** Room above for the title; 0 for the root. */
  header: number;
}

export interface EdgeSpec {
  /** Index of a box; `inPort(i)` as -1 - i. */
  from: number;
  /** Index of a box; `outPort(i)` as -1 - i. */
  to: number;
  /** Port of the open scope at that end; -1 for none. */
  fromPort: number;
  toPort: number;
  labelWidth: number;
  labelHeight: number;
}

export interface ScopeLayout {
  width: number;
  height: number;
  /** Left, top, width, height of each box, within the scope. */
  boxes: Float64Array;
  /** x of each place where an edge crosses the border. */
  inPorts: Float64Array;
  outPorts: Float64Array;
  edges: EdgeLayout[];
}

export interface EdgeLayout {
  /** x, y, x, y, … from the source down to the target. */
  points: Float64Array;
  /** Centre of the label; NaN if there is none. */
  labelX: number;
  labelY: number;
}

/** Centres of boxes and ports, points of edges, in any coordinates. */
export interface Placed {
  items: { x: number; y: number }[];
  inPorts: { x: number; y: number }[];
  outPorts: { x: number; y: number }[];
  edges: {
    points: { x: number; y: number }[];
    label: { x: number; y: number } | null;
    /** It goes down to `bottom`, up at `x`, and on from `top`. */
    turn: { x: number; bottom: number; top: number } | null;
  }[];
}
