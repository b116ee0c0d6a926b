// Bundles the pages into dist/. The plain ones need nothing but the calling package; those of the official UI library are built as well once
// `npm ci` has been run here, which ./parley samples does.

import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const calling = join(here, "..", "calling");
const dist = join(here, "dist");

/** The bundler is the calling package's, so that the plain pages need no installation of their own. */
const { build } = createRequire(join(calling, "package.json"))("esbuild");

const PLAIN = ["index", "call", "group"];
const COMPOSITES = ["call-composite", "call-with-chat", "chat"];

async function bundle(pages, extension) {
  await build({
    absWorkingDir: here,
    entryPoints: pages.map((page) => `src/${page}.${extension}`),
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    // The one line by which an application moves to Parley; in an application it stands in package.json.
    alias: { "@azure/communication-calling": calling },
    nodePaths: [join(calling, "node_modules")],
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    // The UI library takes this one in only when an application passes video effects.
    external: ["@azure/communication-calling-effects"],
    logLevel: "error",
  });
  for (const page of pages) copyFileSync(join(here, "pages", `${page}.html`), join(dist, `${page}.html`));
}

mkdirSync(dist, { recursive: true });
copyFileSync(join(here, "pages", "style.css"), join(dist, "style.css"));
await bundle(PLAIN, "js");
const installed = join(here, "node_modules");
if (existsSync(join(installed, "@azure", "communication-react"))) {
  // Icons come from here and not from a CDN, so that the pages work without the internet.
  const fonts = join(installed, "@fluentui", "font-icons-mdl2", "fonts");
  for (const font of readdirSync(fonts)) copyFileSync(join(fonts, font), join(dist, font));
  await bundle(COMPOSITES, "jsx");
}
