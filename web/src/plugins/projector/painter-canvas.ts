/** Paints a cloud on a 2-D canvas, where there is no WebGL: back to front, slower, the same picture. */

import { toScreen } from "./camera";
import { dimmed, dimShare, fade, hidden, strong, type Atlas, type Frame, type Painter } from "./painter";

export class CanvasPainter implements Painter {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d")!;
  #positions: Float32Array = new Float32Array();
  #colors: Uint8Array = new Uint8Array();
  #atlas: Atlas | null = null;

  setPositions(positions: Float32Array): void {
    this.#positions = positions;
  }

  setColors(colors: Uint8Array): void {
    this.#colors = colors;
  }

  setAtlas(atlas: Atlas | null): void {
    this.#atlas = atlas;
  }

  draw(frame: Frame): void {
    const { width, height, ratio, reference, ground } = frame;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const context = this.#context;
    context.scale(ratio, ratio);
    const count = this.#colors.length / 4;
    const xs = new Float32Array(count);
    const ys = new Float32Array(count);
    const ws = new Float32Array(count);
    const out: [number, number, number] = [0, 0, 0];
    const order: number[] = [];
    for (let i = 0; i < count; i++) {
      if (this.#colors[4 * i + 3] === hidden) continue;
      const p = this.#positions;
      toScreen(frame.matrix, frame, p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!, out);
      [xs[i], ys[i], ws[i]] = out;
      if (out[2] > 0) order.push(i);
    }
    const emphasis = (i: number): number => this.#colors[4 * i + 3]!;
    order.sort((a, b) => +(emphasis(a) === strong) - +(emphasis(b) === strong) || ws[b]! - ws[a]! || a - b);
    for (const i of order) {
      const far = reference
        ? Math.max(0, Math.min(1, (ws[i]! / reference - fade.near) / (fade.far - fade.near))) * fade.most
        : 0;
      const kept = (1 - far) * (emphasis(i) === dimmed ? dimShare : 1);
      const part = (channel: number): number =>
        Math.round(ground[channel]! + (this.#colors[4 * i + channel]! - ground[channel]!) * kept);
      const near = reference ? reference / ws[i]! : 1;
      const size = Math.max(2, frame.diameter_px * near * (emphasis(i) === strong ? 1.25 : 1));
      const color = `rgb(${part(0)} ${part(1)} ${part(2)})`;
      if (frame.drawing === "points" || !this.#atlas) this.#dot(xs[i]!, ys[i]!, size, color);
      else this.#picture(i, xs[i]!, ys[i]!, size, color, kept, this.#atlas);
    }
  }

  dispose(): void {
    this.canvas.width = this.canvas.height = 0;
  }

  #dot(x: number, y: number, size: number, color: string): void {
    const context = this.#context;
    context.fillStyle = color;
    if (size < 4) return context.fillRect(x - size / 2, y - size / 2, size, size);
    context.beginPath();
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.fill();
  }

  #picture(i: number, x: number, y: number, size: number, color: string, kept: number, atlas: Atlas): void {
    const context = this.#context;
    const width = size * Math.min(1, atlas.aspect);
    const height = size * Math.min(1, 1 / atlas.aspect);
    const column = i % atlas.columns;
    const row = Math.floor(i / atlas.columns);
    context.fillStyle = color;
    context.fillRect(x - width / 2 - 1, y - height / 2 - 1, width + 2, height + 2);
    context.globalAlpha = kept;
    context.drawImage(
      atlas.image,
      column * atlas.tileWidth,
      row * atlas.tileHeight,
      atlas.tileWidth,
      atlas.tileHeight,
      x - width / 2,
      y - height / 2,
      width,
      height,
    );
    context.globalAlpha = 1;
  }
}
