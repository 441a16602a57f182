/** Read by the Vite plugin, svelte-check and editors alike. */
export default { compilerOptions: { runes: true } };
