/** What the build puts in place of parts of three.js must have the names that the rest of three asks for. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { replacements } from "../threeSubset";

const source = `${import.meta.dirname}/../node_modules/three/src`;

/** Names that a module exports: declared where they are exported, or listed. */
function exported(code: string): string[] {
  const declared = code.matchAll(/^export (?:function|class|const) (\w+)/gm);
  const listed = code.matchAll(/^export \{([^}]*)\};/gm);
  return [
    ...[...declared].map((match) => match[1]!),
    ...[...listed].flatMap((match) => match[1]!.split(",").map((name) => name.trim())),
  ].filter(Boolean);
}

/** Members of `name` that a file of three uses. */
function usedMembers(file: string, name: string): string[] {
  const code = readFileSync(`${source}/renderers/${file}`, "utf8");
  return [...new Set([...code.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g"))].map((match) => match[1]!))];
}

test.each(Object.keys(replacements))("%s is replaced by what exports the same names", (file) => {
  const original = readFileSync(`${source}/${file}`, "utf8");
  expect(exported(replacements[file]!)).toEqual(exported(original));
});

test.each([
  ["WebGLRenderer.js", "xr", "renderers/webxr/WebXRManager.js"],
  ["webgl/WebGLBackground.js", "xr", "renderers/webxr/WebXRManager.js"],
  ["WebGLRenderer.js", "materials", "renderers/webgl/WebGLMaterials.js"],
  ["WebGLRenderer.js", "uniformsGroups", "renderers/webgl/WebGLUniformsGroups.js"],
  ["WebGLRenderer.js", "shadowMap", "renderers/webgl/WebGLShadowMap.js"],
  ["WebGLRenderer.js", "environments", "renderers/webgl/WebGLEnvironments.js"],
  ["webgl/WebGLRenderStates.js", "lights", "renderers/webgl/WebGLLights.js"],
  ["webgl/WebGLPrograms.js", "lights", "renderers/webgl/WebGLLights.js"],
])("what three's %s uses of `%s` is in its replacement", (user, name, file) => {
  const unreached = new Set([
    // Only while a headset presents.
    ...["cameraAutoUpdate", "updateCamera", "getCamera", "getDepthSensingMesh", "hasDepthSensing"],
    // A set in `compileAsync` has this name too.
    ...["add", "forEach", "delete", "size"],
    // Only for materials with lights.
    "state",
  ]);
  for (const member of usedMembers(user, name).filter((used) => !unreached.has(used)))
    expect(replacements[file], `${name}.${member}`).toMatch(new RegExp(`\\b${member}\\b`));
});
