/** Where the window stands over the diagram, and how it gets there. */

import { untrack } from "svelte";
import { panned, zoomed, type Size, type Transform } from "../../widgets/panZoom";
import type { Box, Diagram } from "./draw/diagram";
import { fitAll, isInView, isLost, opening, scaleLimits, showBox } from "./framing";
import type { Unit } from "./model/tree";

/** Where each graph was left, so that it is found there when its tab opens again. */
const left = new Map<string, Transform>();

/** What to bring into view once the next diagram is there. */
interface Target {
  unit: Unit;
  /** Where on the screen its corner must stay; null: it goes to the middle. */
  keep: { x: number; y: number } | null;
}

export class GraphViewport {
  #transform = $state.raw<Transform>({ x: 0, y: 0, scale: 1 });
  #diagram: Diagram | null = null;
  #key = "";
  #target: Target | null = null;
  #selected: Unit | null = null;
  #window: Size = { width: 0, height: 0 };

  get transform(): Transform {
    return this.#transform;
  }

  #go(next: Transform): void {
    this.#transform = next;
    if (this.#key) left.set(this.#key, next);
  }

  /** The window's size, whenever it changes. What came while it had none is placed now. */
  resize(window: Size): void {
    const wasOpen = this.#isOpen;
    this.#window = window;
    if (!wasOpen && this.#isOpen) untrack(() => this.#place(true));
  }

  get #isOpen(): boolean {
    return this.#window.width > 0 && this.#window.height > 0;
  }

  /**
   * Takes a new diagram: what was asked for comes into view, a graph that is new is shown whole or where it was left, and else everything
   * stays where it is.
   *
   * @param key names the graph.
   * @param selected shown at first if the graph has not been seen yet.
   */
  arrive(diagram: Diagram, key: string, selected: Unit | null): void {
    const isNew = key !== this.#key;
    this.#diagram = diagram;
    this.#key = key;
    this.#selected = selected;
    if (this.#isOpen) this.#place(isNew);
  }

  #place(isNew: boolean): void {
    const [diagram, target] = [this.#diagram, this.#target];
    if (!diagram) return;
    this.#target = null;
    const box = target && diagram.byUnit.get(target.unit);
    if (box && target.keep) {
      const { scale } = this.#transform;
      this.#go({ x: target.keep.x - box.x * scale, y: target.keep.y - box.y * scale, scale });
    } else if (box) this.#go(showBox(this.#transform, box, this.#window));
    else if (isNew) this.#open(diagram);
    else if (isLost(this.#transform, diagram, this.#window)) this.#go(opening(diagram, this.#window));
  }

  #open(diagram: Diagram): void {
    const known = left.get(this.#key);
    const first = opening(diagram, this.#window);
    const box = this.#selected && diagram.byUnit.get(this.#selected);
    this.#go(known ?? (box ? showBox(first, box, this.#window) : first));
  }

  /** The whole diagram. */
  fit(): void {
    if (this.#diagram) this.#go(fitAll(this.#diagram, this.#window));
  }

  /** Brings a unit to the middle: now if it is drawn and nothing else is coming, else when it is. */
  show(unit: Unit, isCurrent: boolean): void {
    const box = isCurrent ? this.#diagram?.byUnit.get(unit) : undefined;
    if (box) this.#go(showBox(this.#transform, box, this.#window));
    else this.#target = { unit, keep: null };
  }

  /** Keeps a box's corner where it is through the next layout. */
  hold(box: Box): void {
    const { x, y, scale } = this.#transform;
    this.#target = { unit: box.unit, keep: { x: x + box.x * scale, y: y + box.y * scale } };
  }

  /** Moves only if the unit is not in view. */
  reveal(unit: Unit): void {
    const box = this.#diagram?.byUnit.get(unit);
    if (box && !isInView(this.#transform, box, this.#window))
      this.#go(showBox(this.#transform, box, this.#window));
  }

  pan(dx: number, dy: number): void {
    this.#go(panned(this.#transform, dx, dy));
  }

  /** About a place of the window; its middle if none is given. */
  zoom(factor: number, x = this.#window.width / 2, y = this.#window.height / 2): void {
    this.#go(zoomed(this.#transform, factor, x, y, scaleLimits));
  }

  /** Brings a point of the diagram to the middle. */
  center(x: number, y: number): void {
    const { scale } = this.#transform;
    this.#go({ x: this.#window.width / 2 - x * scale, y: this.#window.height / 2 - y * scale, scale });
  }
}
