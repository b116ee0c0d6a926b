// Builds dist/index.mjs and dist/index.cjs, and fails when the package has grown beyond its budget.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 150_000;

const options = {
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: ["src/index.ts"],
  bundle: true,
  platform: "browser",
  target: "es2022",
  packages: "external",
  logLevel: "warning",
};

await Promise.all([
  build({ ...options, format: "esm", outfile: "dist/index.mjs", sourcemap: true }),
  build({ ...options, format: "cjs", outfile: "dist/index.cjs", sourcemap: true }),
]);

const small = await build({ ...options, format: "esm", minify: true, write: false });
const bytes = small.outputFiles[0].contents;
console.log(`minified ${bytes.length} bytes (budget ${BUDGET}), gzipped ${gzipSync(bytes).length}`);
if (bytes.length > BUDGET) process.exit(1);
