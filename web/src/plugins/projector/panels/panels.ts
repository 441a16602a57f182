/** What stands beside the cloud. */

export { default as DataPanel } from "./DataPanel.svelte";
export { default as PointPanel } from "./PointPanel.svelte";
export { default as OpenFile } from "../drop/OpenFile.svelte";
