/** Paints a cloud with WebGL 2: one draw call, every point a disc or its own picture from the sprite sheet. */

import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  CustomBlending,
  GLSL3,
  LinearFilter,
  Matrix4,
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
import { dimShare, fade, type Atlas, type Drawing, type Frame, type Painter } from "./painter";

const vertexShader = `
precision highp float;
in vec3 position;
in vec4 color;
uniform mat4 matrix;
uniform float reference;
uniform float diameter;
uniform float smallest;
uniform vec3 ground;
flat out vec3 shade;
flat out float kept;
flat out vec2 tile;
flat out float diameter_px;
uniform float columns;

void main() {
  gl_Position = matrix * vec4(position, 1.0);
  float w = gl_Position.w;
  bool shown = color.a > 0.1 && w > 0.0 && position.x == position.x;
  bool strong = color.a > 0.9;
  bool dimmed = color.a < 0.5;
  // Emphasised points have the nearer half of the depth range to themselves.
  gl_Position.z = strong ? 0.5 * (gl_Position.z - w) : 0.5 * (gl_Position.z + w);
  float near = reference > 0.0 ? reference / w : 1.0;
  gl_PointSize = max(smallest, diameter * near * (strong ? 1.25 : 1.0));
  if (!shown) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); gl_PointSize = 0.0; }
  float far = reference > 0.0 ? clamp((w / reference - ${fade.near}) / ${fade.far - fade.near}, 0.0, 1.0) * ${fade.most} : 0.0;
  kept = (1.0 - (strong ? far * 0.4 : far)) * (dimmed ? ${dimShare} : 1.0);
  shade = mix(ground, color.rgb, kept);
  diameter_px = gl_PointSize;
  float index = float(gl_VertexID);
  float row = floor((index + 0.5) / columns);
  tile = vec2(index - row * columns, row);
}`;

const fragmentShader = `
precision highp float;
uniform int drawing;
uniform sampler2D atlas;
uniform vec2 tileSize;
uniform vec2 texel;
uniform float aspect;
uniform float inkOnWhite;
uniform vec3 ground;
flat in vec3 shade;
flat in float kept;
flat in vec2 tile;
flat in float diameter_px;
out vec4 pixel;

void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  if (drawing == 0) {
    float r = length(p);
    float alpha = 1.0 - smoothstep(1.0 - 2.5 / diameter_px, 1.0, r);
    if (alpha < 0.02) discard;
    vec3 c = mix(shade, mix(shade, vec3(0.0), 0.28), smoothstep(0.62, 0.95, r) * step(5.0, diameter_px));
    pixel = vec4(c * alpha, alpha);
    return;
  }
  // The picture keeps its shape inside the square.
  vec2 q = p * vec2(max(1.0, 1.0 / aspect), max(1.0, aspect));
  if (abs(q.x) > 1.0 || abs(q.y) > 1.0) discard;
  vec2 inside = clamp(q * 0.5 + 0.5, texel, 1.0 - texel);
  vec4 texture_ = texture(atlas, (tile + inside) * tileSize);
  if (drawing == 2) {
    float ink = mix(texture_.r, 1.0 - texture_.r, inkOnWhite);
    float alpha = smoothstep(0.22, 0.6, ink);
    if (alpha < 0.05) discard;
    pixel = vec4(shade * alpha, alpha);
    return;
  }
  vec2 edge = (1.0 - abs(q)) * diameter_px * 0.5;
  float frame = step(min(edge.x, edge.y), clamp(diameter_px * 0.05, 1.0, 3.0));
  vec3 picture = mix(ground, texture_.rgb, texture_.a * kept);
  pixel = vec4(mix(mix(picture, shade, 0.12), shade, frame), 1.0);
}`;

const drawings: readonly Drawing[] = ["points", "pictures", "ink"];

/** @throws Error if three.js cannot work with the context. */
export class WebglPainter implements Painter {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new Camera();
  readonly #geometry = new BufferGeometry();
  readonly #uniforms = {
    matrix: { value: new Matrix4() },
    reference: { value: 0 },
    diameter: { value: 1 },
    smallest: { value: 1 },
    drawing: { value: 0 },
    atlas: { value: new Texture() },
    columns: { value: 1 },
    tileSize: { value: new Vector2(1, 1) },
    texel: { value: new Vector2() },
    aspect: { value: 1 },
    inkOnWhite: { value: 0 },
    ground: { value: new Vector3() },
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
  #count = 0;

  constructor(canvas: HTMLCanvasElement, context: WebGL2RenderingContext) {
    this.canvas = canvas;
    this.#renderer = new WebGLRenderer({ canvas, context, alpha: true, antialias: false });
    const points = new Points(this.#geometry, this.#material);
    points.frustumCulled = false;
    this.#scene.add(points);
  }

  setPositions(positions: Float32Array): void {
    const old = this.#geometry.getAttribute("position") as BufferAttribute | undefined;
    this.#count = positions.length / 3;
    if (old && old.array.length === positions.length) {
      (old.array as Float32Array).set(positions);
      old.needsUpdate = true;
    } else {
      this.#geometry.dispose();
      this.#geometry.setAttribute("position", new BufferAttribute(positions.slice(), 3));
      this.#geometry.setAttribute(
        "color",
        new BufferAttribute(new Uint8Array((positions.length / 3) * 4), 4, true),
      );
      this.#geometry.setDrawRange(0, this.#count);
    }
  }

  setColors(colors: Uint8Array): void {
    const attribute = this.#geometry.getAttribute("color") as BufferAttribute | undefined;
    if (!attribute || attribute.array.length !== colors.length) return;
    (attribute.array as Uint8Array).set(colors);
    attribute.needsUpdate = true;
  }

  setAtlas(atlas: Atlas | null): void {
    const uniforms = this.#uniforms;
    uniforms.atlas.value.dispose();
    uniforms.atlas.value = new Texture();
    if (!atlas) return;
    const texture = new Texture(fitting(atlas.image, this.#renderer.capabilities.maxTextureSize));
    texture.flipY = false;
    texture.generateMipmaps = false;
    texture.minFilter = texture.magFilter = LinearFilter;
    texture.needsUpdate = true;
    uniforms.atlas.value = texture;
    const { naturalWidth, naturalHeight } = atlas.image;
    uniforms.columns.value = atlas.columns;
    uniforms.tileSize.value.set(atlas.tileWidth / naturalWidth, atlas.tileHeight / naturalHeight);
    uniforms.texel.value.set(0.5 / atlas.tileWidth, 0.5 / atlas.tileHeight);
    uniforms.aspect.value = atlas.aspect;
    uniforms.inkOnWhite.value = atlas.ground === "white" ? 1 : 0;
  }

  draw(frame: Frame): void {
    const uniforms = this.#uniforms;
    this.#renderer.setPixelRatio(frame.ratio);
    this.#renderer.setSize(frame.width, frame.height, false);
    uniforms.matrix.value.fromArray(frame.matrix);
    uniforms.reference.value = frame.reference;
    uniforms.diameter.value = frame.diameter_px * frame.ratio;
    uniforms.smallest.value = frame.drawing === "points" ? 2 * frame.ratio : 4 * frame.ratio;
    uniforms.drawing.value = drawings.indexOf(frame.drawing);
    uniforms.ground.value.fromArray(frame.ground.map((value) => value / 255));
    this.#renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.#uniforms.atlas.value.dispose();
    this.#geometry.dispose();
    this.#material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}

/** The sheet itself, or a smaller copy where the device cannot hold it. Places on it are fractions, so nothing else changes. */
function fitting(image: HTMLImageElement, most: number): HTMLImageElement | HTMLCanvasElement {
  const scale = Math.min(1, most / Math.max(image.naturalWidth, image.naturalHeight));
  if (scale === 1) return image;
  const copy = document.createElement("canvas");
  copy.width = Math.floor(image.naturalWidth * scale);
  copy.height = Math.floor(image.naturalHeight * scale);
  copy.getContext("2d")!.drawImage(image, 0, 0, copy.width, copy.height);
  return copy;
}
