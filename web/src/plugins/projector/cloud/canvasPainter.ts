/** Paints a cloud on a 2-D canvas, where there is no WebGL: back to front, slower, the same picture. */

import { MathUtils, Vector3 } from "three";
import { mix, toCss, type Rgb } from "../../../base/color";
import type { Sprite } from "../sprite";
import { dimmed, hidden, highlighted } from "./highlight";
import {
  dimmedShare,
  fade,
  highlightedFade,
  highlightedScale,
  radiusAt,
  type Frame,
  type Painter,
} from "./painter";
import type { PointCloud } from "./pointCloud";
import { Screen } from "./screen";

export class CanvasPainter implements Painter {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d")!;
  readonly #cloud: PointCloud;
  #sprite: Sprite | null = null;

  constructor(cloud: PointCloud) {
    this.#cloud = cloud;
  }

  setSprite(sprite: Sprite | null): void {
    this.#sprite = sprite;
  }

  draw(frame: Frame, pixelRatio: number): void {
    const { width, height, reference } = frame;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
    this.#context.scale(pixelRatio, pixelRatio);
    const { positions, colors, count } = this.#cloud;
    const screen = new Screen(frame.camera, width, height);
    const xs = new Float32Array(count);
    const ys = new Float32Array(count);
    const depths = new Float32Array(count);
    const order: number[] = [];
    const place = new Vector3();
    for (let i = 0; i < count; i++) {
      if (colors[4 * i + 3] === hidden) continue;
      screen.placeOf(positions, i, place);
      [xs[i], ys[i], depths[i]] = [place.x, place.y, place.z];
      if (place.z > 0) order.push(i);
    }
    const stands = (i: number): boolean => colors[4 * i + 3] === highlighted;
    order.sort((a, b) => +stands(a) - +stands(b) || depths[b]! - depths[a]! || a - b);
    for (const i of order) {
      const kept = keptShare(depths[i]!, reference, colors[4 * i + 3]!);
      const own: Rgb = [colors[4 * i]!, colors[4 * i + 1]!, colors[4 * i + 2]!];
      const color = toCss(mix(frame.background, own, kept));
      const size = Math.max(2, 2 * radiusAt(frame, depths[i]!) * (stands(i) ? highlightedScale : 1));
      if (frame.drawing === "points" || !this.#sprite) this.#drawDisc(xs[i]!, ys[i]!, size, color);
      else this.#drawImage(i, xs[i]!, ys[i]!, size, color, kept, this.#sprite);
    }
  }

  dispose(): void {
    this.canvas.width = this.canvas.height = 0;
  }

  #drawDisc(x: number, y: number, size: number, color: string): void {
    const context = this.#context;
    context.fillStyle = color;
    if (size < 4) return context.fillRect(x - size / 2, y - size / 2, size, size);
    context.beginPath();
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.fill();
  }

  #drawImage(
    i: number,
    x: number,
    y: number,
    size: number,
    color: string,
    kept: number,
    sprite: Sprite,
  ): void {
    const context = this.#context;
    const width = size * Math.min(1, sprite.aspect);
    const height = size * Math.min(1, 1 / sprite.aspect);
    const column = i % sprite.columns;
    const row = Math.floor(i / sprite.columns);
    context.fillStyle = color;
    context.fillRect(x - width / 2 - 1, y - height / 2 - 1, width + 2, height + 2);
    context.globalAlpha = kept;
    context.drawImage(
      sprite.image,
      column * sprite.tileWidth,
      row * sprite.tileHeight,
      sprite.tileWidth,
      sprite.tileHeight,
      x - width / 2,
      y - height / 2,
      width,
      height,
    );
    context.globalAlpha = 1;
  }
}

/** How much of its own colour a point keeps, as in the vertex shader. */
function keptShare(depth: number, reference: number, highlight: number): number {
  const far = reference ? MathUtils.clamp((depth / reference - fade.near) / (fade.far - fade.near), 0, 1) : 0;
  const lost = far * fade.most * (highlight === highlighted ? highlightedFade : 1);
  return (1 - lost) * (highlight === dimmed ? dimmedShare : 1);
}
