/** Paints a cloud with WebGL 2 in one draw call. */

import {
  BufferAttribute,
  CanvasTexture,
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
  Vector4,
  WebGLRenderer,
} from "three";
import type { Atlas } from "./atlas";
import { hasImages, placeholder_px, type Frame, type Painter } from "./painter";
import type { Pictures } from "./pictures";
import type { PointCloud } from "./pointCloud";
import { fragmentShader, vertexShader } from "./shaders";

export class WebglPainter implements Painter {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #cloud: PointCloud;
  #pictures: Pictures | null = null;
  /** What the textures hold. */
  #version = "";
  readonly #uniforms = {
    reference: { value: 0 },
    diameter: { value: 1 },
    smallest: { value: 1 },
    drawing: { value: 0 },
    placeholder: { value: placeholder_px },
    coarse: { value: new Texture() },
    fine: { value: new Texture() },
    columns: { value: new Vector2(1, 1) },
    tileSize: { value: new Vector4(1, 1, 1, 1) },
    halfTexel: { value: new Vector4() },
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
    this.#cloud = cloud;
    this.#renderer = new WebGLRenderer({ canvas, context, alpha: true, antialias: false });
    const points = new Points(cloud.points.geometry, this.#material);
    points.frustumCulled = false;
    this.#scene.add(points);
  }

  setPictures(pictures: Pictures | null): void {
    this.#pictures = pictures;
    this.#version = "";
    this.#uniforms.aspect.value = pictures?.sprite.aspect ?? 1;
    this.#uniforms.inkOnWhite.value = pictures?.sprite.background === "white" ? 1 : 0;
  }

  draw(frame: Frame, pixelRatio: number): void {
    const uniforms = this.#uniforms;
    this.#renderer.setPixelRatio(pixelRatio);
    this.#renderer.setSize(frame.width, frame.height, false);
    uniforms.reference.value = frame.reference;
    uniforms.diameter.value = frame.diameter_px * pixelRatio;
    uniforms.smallest.value = (hasImages(frame.drawing) ? 4 : 2) * pixelRatio;
    uniforms.placeholder.value = placeholder_px * pixelRatio;
    uniforms.drawing.value = frame.drawing === "ink" ? 2 : frame.drawing === "images" ? 1 : 0;
    if (this.#pictures && hasImages(frame.drawing)) this.#upload(this.#pictures);
    uniforms.background.value.fromArray(frame.background).divideScalar(255);
    const drawn = this.#cloud.drawn(frame.sparse);
    const { geometry } = this.#cloud.points;
    if (drawn !== (geometry.index?.array ?? null)) geometry.setIndex(drawn && new BufferAttribute(drawn, 1));
    this.#renderer.render(this.#scene, frame.camera);
  }

  dispose(): void {
    this.#uniforms.coarse.value.dispose();
    this.#uniforms.fine.value.dispose();
    this.#material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  /** Takes over images that have come. */
  #upload(pictures: Pictures): void {
    if (pictures.version === this.#version) return;
    this.#version = pictures.version;
    const { coarse, fine, columns, tileSize, halfTexel } = this.#uniforms;
    coarse.value = textureOf(pictures.coarse, coarse.value);
    fine.value = textureOf(pictures.fine, fine.value);
    [pictures.coarse, pictures.fine].forEach((atlas, at) => {
      if (!atlas) return;
      const { canvas, width, height } = atlas;
      columns.value.setComponent(at, atlas.columns);
      tileSize.value.setComponent(2 * at, width / canvas.width);
      tileSize.value.setComponent(2 * at + 1, height / canvas.height);
      halfTexel.value.setComponent(2 * at, 0.5 / width);
      halfTexel.value.setComponent(2 * at + 1, 0.5 / height);
    });
  }
}

/** The texture of an atlas, with its pixels as they are now. */
function textureOf(atlas: Atlas | null, before: Texture): Texture {
  if (before.image === (atlas?.canvas ?? null)) {
    before.needsUpdate = atlas !== null;
    return before;
  }
  before.dispose();
  if (!atlas) return new Texture();
  const texture = new CanvasTexture(atlas.canvas);
  texture.flipY = false;
  texture.generateMipmaps = false;
  texture.minFilter = texture.magFilter = LinearFilter;
  return texture;
}
