import type { Plugin } from "vite";

/**
 * Leaves out of a build what no plugin uses of three.js.
 *
 * three's renderer holds on to all that it could ever be asked to do, so nothing of it is shaken off: every built-in material's GLSL,
 * lights, shadows, environment maps, tone mapping, virtual reality. Our plugins draw with shaders of their own. The files below are
 * replaced by what the renderer needs of them to run without; figures and what else was tried are in
 * docs/design/0004-projector-rendering.md. A plugin that needs one of them takes its line away.
 *
 * They exist as files only in three's sources, so the build reads those instead of the bundle that three ships.
 */
export const replacements: Readonly<Record<string, string>> = {
  // The GLSL of the built-in materials: Mesh…Material, PointsMaterial, LineBasicMaterial, SpriteMaterial …
  "renderers/shaders/ShaderChunk.js": "export const ShaderChunk = {};",
  "renderers/shaders/ShaderLib.js": "export const ShaderLib = {};",
  // What built-in materials and fog tell those shaders.
  "renderers/webgl/WebGLMaterials.js": `export function WebGLMaterials() {
    return {
      refreshFogUniforms() {},
      refreshMaterialUniforms(uniforms, material) { material.uniformsNeedUpdate = false; },
    };
  }`,
  // A table that only physical materials look into.
  "renderers/shaders/DFGLUTData.js": "export const getDFGLUT = () => null;",
  // Uniforms that several materials share.
  "renderers/webgl/WebGLUniformsGroups.js": `export function WebGLUniformsGroups() {
    return { bind() {}, update() {}, dispose() {} };
  }`,
  // Lights reach built-in materials only.
  "renderers/webgl/WebGLLights.js": `export function WebGLLights() {
    const state = {
      version: 0, numLightProbes: 0, numSpotLightShadowsWithMaps: 0,
      sun: [], directional: [], point: [], spot: [], spotLightMap: [], rectArea: [], hemi: [],
      sunShadowMap: [], directionalShadowMap: [], pointShadowMap: [], spotShadowMap: [],
    };
    return { state, setup() {}, setupView() {} };
  }`,
  "renderers/webgl/WebGLShadowMap.js": `export class WebGLShadowMap {
    enabled = false; autoUpdate = false; needsUpdate = false; type = 0;
    render() {}
  }`,
  "renderers/webgl/WebGLEnvironments.js": `export function WebGLEnvironments() {
    return { get: () => null, dispose() {} };
  }`,
  // Tone mapping and effects after it; made only with an \`outputBufferType\` of more than 8 bits.
  "renderers/webgl/WebGLOutput.js": "export class WebGLOutput {}",
  "renderers/webxr/WebXRManager.js": `export class WebXRManager {
    enabled = false; isPresenting = false;
    addEventListener() {} removeEventListener() {} setAnimationLoop() {} dispose() {}
    getEnvironmentBlendMode() {}
  }`,
};

export function threeSubset(): Plugin {
  const unused = new Set(Object.keys(replacements));
  return {
    name: "three-subset",
    apply: "build",
    enforce: "pre",
    resolveId: {
      filter: { id: /^three$/ },
      handler(_source, importer) {
        return this.resolve("three/src/Three.js", importer, { skipSelf: true });
      },
    },
    load: {
      filter: { id: /\/three\/src\// },
      handler(id) {
        const file = id.split("/three/src/")[1]!;
        const replacement = replacements[file];
        if (replacement) unused.delete(file);
        return replacement ?? null;
      },
    },
    buildEnd(error) {
      if (!error && unused.size > 0)
        this.error(
          `three.js has no ${[...unused].join(", ")} any more; threeSubset.ts must name what it has`,
        );
    },
  };
}
