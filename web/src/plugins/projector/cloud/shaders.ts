/** Every point as a disc, as its own image, or as its own drawing in its colour (`drawing` 0, 1, 2; a disc too where its image is missing). */

import { fineOffset } from "./pictures";
import { dimmedShare, fade, highlightedFade, highlightedScale } from "./painter";

export const vertexShader = `
precision highp float;
precision highp int;
in vec3 position;
in vec4 color;
in float place;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform float reference;
uniform float diameter;
uniform float smallest;
uniform vec3 background;
flat out vec3 shade;
flat out float kept;
flat out vec2 tile;
flat out float diameter_px;
flat out int atlas;
uniform int drawing;
uniform float placeholder;
uniform vec2 columns;

void main() {
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  float w = gl_Position.w;
  bool shown = color.a > 0.1 && w > 0.0;
  bool fine = place >= ${fineOffset}.0;
  atlas = drawing == 0 || place < 0.0 ? 0 : fine ? 2 : 1;
  bool highlighted = color.a > 0.9;
  bool dimmed = color.a < 0.5;
  // Highlighted points have the nearer half of the depth range to themselves.
  gl_Position.z = highlighted ? 0.5 * (gl_Position.z - w) : 0.5 * (gl_Position.z + w);
  float near = reference > 0.0 ? reference / w : 1.0;
  gl_PointSize = max(smallest, diameter * near * (highlighted ? ${highlightedScale} : 1.0));
  if (drawing != 0 && atlas == 0) gl_PointSize = min(gl_PointSize, placeholder);
  if (!shown) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); gl_PointSize = 0.0; }
  float far = reference > 0.0 ? clamp((w / reference - ${fade.near}) / ${fade.far - fade.near}, 0.0, 1.0) * ${fade.most} : 0.0;
  kept = (1.0 - (highlighted ? far * ${highlightedFade} : far)) * (dimmed ? ${dimmedShare} : 1.0);
  shade = mix(background, color.rgb, kept);
  diameter_px = gl_PointSize;
  float index = fine ? place - ${fineOffset}.0 : place;
  float across = fine ? columns.y : columns.x;
  float row = floor((index + 0.5) / across);
  tile = vec2(index - row * across, row);
}`;

export const fragmentShader = `
precision highp float;
precision highp int;
uniform int drawing;
uniform sampler2D coarse;
uniform sampler2D fine;
// Shares of the atlas that one image takes, and of an image that half a texel takes: of the coarse one, then of the fine one.
uniform vec4 tileSize;
uniform vec4 halfTexel;
uniform float aspect;
uniform float inkOnWhite;
uniform vec3 background;
flat in vec3 shade;
flat in float kept;
flat in vec2 tile;
flat in float diameter_px;
flat in int atlas;
out vec4 pixel;

void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  if (atlas == 0) {
    float r = length(p);
    float alpha = 1.0 - smoothstep(1.0 - 2.5 / diameter_px, 1.0, r);
    if (alpha < 0.02) discard;
    vec3 c = mix(shade, mix(shade, vec3(0.0), 0.28), smoothstep(0.62, 0.95, r) * step(5.0, diameter_px));
    pixel = vec4(c * alpha, alpha);
    return;
  }
  // The image keeps its shape inside the square.
  vec2 q = p * vec2(max(1.0, 1.0 / aspect), max(1.0, aspect));
  if (abs(q.x) > 1.0 || abs(q.y) > 1.0) discard;
  vec2 edgeOf = atlas == 2 ? halfTexel.zw : halfTexel.xy;
  vec2 inside = tile + clamp(q * 0.5 + 0.5, edgeOf, 1.0 - edgeOf);
  vec4 texel = atlas == 2 ? texture(fine, inside * tileSize.zw) : texture(coarse, inside * tileSize.xy);
  if (drawing == 2) {
    float ink = mix(texel.r, 1.0 - texel.r, inkOnWhite);
    float alpha = smoothstep(0.22, 0.6, ink);
    if (alpha < 0.05) discard;
    pixel = vec4(shade * alpha, alpha);
    return;
  }
  vec2 edge = (1.0 - abs(q)) * diameter_px * 0.5;
  float frame = step(min(edge.x, edge.y), clamp(diameter_px * 0.05, 1.0, 3.0));
  vec3 image = mix(background, texel.rgb, texel.a * kept);
  pixel = vec4(mix(mix(image, shade, 0.12), shade, frame), 1.0);
}`;
