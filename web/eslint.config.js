/** What the compiler does not see: unhandled promises, conditions that never change, dead names. Style is Prettier's. */
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules/", "coverage/"] },
  {
    files: ["src/**/*.ts", "src/**/*.svelte"],
    extends: [tseslint.configs.recommendedTypeChecked, svelte.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: [".svelte"] },
    },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      // ESLint cannot see the types that components export, and takes them for errors; svelte-check sees them.
      "@typescript-eslint/no-redundant-type-constituents": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Maps and sets here are filled once and then replaced as a whole: `$state.raw`.
      "svelte/prefer-svelte-reactivity": "off",
      // It does not know which warnings the compiler gives for TypeScript.
      "svelte/no-unused-svelte-ignore": "off",
    },
  },
  {
    // What stands in for the server answers at once.
    files: ["src/**/*.test.ts", "src/**/testing.ts"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
  {
    files: ["src/**/*.svelte", "src/**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
);
