// The samples that the SDK's authors publish in their packages, run as they stand: only the placeholders are filled in.

import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { transformSync } from "esbuild";

// Beside node_modules, so that the samples find the packages that they import.
const FOLDER = resolve("build");

/** The fenced code blocks of a package's README, in order, as {name, code}; the name is empty where it has none. */
export function samples(packageName) {
  const text = readFileSync(resolve("node_modules", packageName, "README.md"), "utf8");
  return [...text.matchAll(/^```(?:ts|typescript)(?: snippet:(\w+))?\n(.*?)^```/gms)].map(([, name = "", code]) => ({
    name,
    code,
  }));
}

/** Runs TypeScript as a module; the placeholders are exact texts. Answers what the module exports. */
export async function run(title, code, placeholders) {
  let filled = code;
  for (const [placeholder, value] of Object.entries(placeholders)) filled = filled.replaceAll(placeholder, value);
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `${title}-${process.pid}-${Date.now()}.mjs`);
  writeFileSync(file, transformSync(filled, { loader: "ts", format: "esm" }).code);
  return import(pathToFileURL(file));
}
