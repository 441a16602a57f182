/** Paints a cloud with WebGL 2 in one draw call. */

import {
  CustomBlending,
  GLSL3,
  LinearFilter,
  OneFactor,
  OneMinusSrcAlphaFactor,
  Points,
  RawShaderMaterial,
  Scene,
  Texture,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import type { Sprite } from "../sprite";
import { drawings, type Frame, type Painter } from "./painter";
import type { PointCloud } from "./pointCloud";
import { fragmentShader, vertexShader } from "./shaders";

export class WebglPainter implements Painter {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #uniforms = {
    reference: { value: 0 },
    diameter: { value: 1 },
    smallest: { value: 1 },
    drawing: { value: 0 },
    sprite: { value: new Texture() },
    columns: { value: 1 },
    tileSize: { value: new Vector2(1, 1) },
    halfTexel: { value: new Vector2() },
    aspect: { value: 1 },
    inkOnWhite: { value: 0 },
    background: { value: new Vector3() },
  };
  readonly #material = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader,
    fragmentShader,
    uniforms: this.#uniforms,
    transparent: true,
    blending: CustomBlending,
    blendSrc: OneFactor,
    blendDst: OneMinusSrcAlphaFactor,
  });

  /** @throws Error if three.js cannot work with the context. */
  constructor(cloud: PointCloud, canvas: HTMLCanvasElement, context: WebGL2RenderingContext) {
    this.canvas = canvas;
    this.#renderer = new WebGLRenderer({ canvas, context, alpha: true, antialias: false });
    const points = new Points(cloud.points.geometry, this.#material);
    points.frustumCulled = false;
    this.#scene.add(points);
  }

  setSprite(sprite: Sprite | null): void {
    const uniforms = this.#uniforms;
    uniforms.sprite.value.dispose();
    uniforms.sprite.value = new Texture();
    if (!sprite) return;
    const texture = new Texture(fitting(sprite.image, this.#renderer.capabilities.maxTextureSize));
    texture.flipY = false;
    texture.generateMipmaps = false;
    texture.minFilter = texture.magFilter = LinearFilter;
    texture.needsUpdate = true;
    uniforms.sprite.value = texture;
    const { naturalWidth, naturalHeight } = sprite.image;
    uniforms.columns.value = sprite.columns;
    uniforms.tileSize.value.set(sprite.tileWidth / naturalWidth, sprite.tileHeight / naturalHeight);
    uniforms.halfTexel.value.set(0.5 / sprite.tileWidth, 0.5 / sprite.tileHeight);
    uniforms.aspect.value = sprite.aspect;
    uniforms.inkOnWhite.value = sprite.background === "white" ? 1 : 0;
  }

  draw(frame: Frame, pixelRatio: number): void {
    const uniforms = this.#uniforms;
    this.#renderer.setPixelRatio(pixelRatio);
    this.#renderer.setSize(frame.width, frame.height, false);
    uniforms.reference.value = frame.reference;
    uniforms.diameter.value = frame.diameter_px * pixelRatio;
    uniforms.smallest.value = (frame.drawing === "points" ? 2 : 4) * pixelRatio;
    uniforms.drawing.value = drawings.indexOf(frame.drawing);
    uniforms.background.value.fromArray(frame.background).divideScalar(255);
    this.#renderer.render(this.#scene, frame.camera);
  }

  dispose(): void {
    this.#uniforms.sprite.value.dispose();
    this.#material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}

/** The sprite itself, or a smaller copy where the device cannot hold it. Places on it are fractions, so nothing else changes. */
function fitting(image: HTMLImageElement, most_px: number): HTMLImageElement | HTMLCanvasElement {
  const scale = Math.min(1, most_px / Math.max(image.naturalWidth, image.naturalHeight));
  if (scale === 1) return image;
  const copy = document.createElement("canvas");
  copy.width = Math.floor(image.naturalWidth * scale);
  copy.height = Math.floor(image.naturalHeight * scale);
  copy.getContext("2d")!.drawImage(image, 0, 0, copy.width, copy.height);
  return copy;
}
