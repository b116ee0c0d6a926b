// Bundles the unmodified packages and serves the pages from an origin of their own, as an application would.

import { createServer } from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CALLING = process.env.PARLEY_CALLING_PACKAGE ?? here("../../web/calling");

/** Parley's package under the name that applications and the UI library import. */
const CALLS = { "@azure/communication-calling": CALLING };

const sample = (name) => here(`../../web/samples/src/${name}`);

/** The pages by name: which source, and which package an import means. */
const PAGES = {
  newest: { source: "pages/chat.js", alias: { chat: "@azure/communication-chat" } },
  older: { source: "pages/chat.js", alias: { chat: "chat-older" } },
  calls: { source: "pages/calls.js", alias: CALLS },
  devices: { source: "pages/devices.js", alias: CALLS },
  "call-composite": { source: sample("call-composite.jsx"), alias: CALLS },
  "call-with-chat": { source: sample("call-with-chat.jsx"), alias: CALLS },
  chat: { source: sample("chat.jsx"), alias: CALLS },
};

/** What every page consists of: a place for the composites, which fill it. */
const shell = (name) => `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,">
<style>body { margin: 0; } #root { height: 100vh; }</style><div id="root"></div><script src="/${name}.js"></script>`;

/** Icons of the UI library; the pages look for them beside themselves. */
const FONT = /^\/(fabric-icons-[a-z0-9-]+\.woff)$/;
const font = (name) => readFileSync(here(`../node_modules/@fluentui/font-icons-mdl2/fonts/${name}`));

async function bundle({ source, alias }) {
  const result = await build({
    entryPoints: [source],
    bundle: true,
    // The UI library is large: a small page starts sooner.
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "chrome120",
    alias,
    nodePaths: [here("../node_modules")],
    external: ["@azure/communication-calling-effects"],
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    logLevel: "error",
  });
  return result.outputFiles[0].contents;
}

/** Serves the named pages on a free port of 127.0.0.1; Parley is on localhost, so that every call crosses origins. */
export async function servePages(...names) {
  const scripts = new Map();
  for (const name of names) scripts.set(`/${name}.js`, await bundle(PAGES[name]));
  const server = createServer((request, response) => {
    const script = scripts.get(request.url);
    if (script) {
      response.writeHead(200, { "Content-Type": "text/javascript; charset=utf-8" }).end(script);
      return;
    }
    const icons = FONT.exec(request.url);
    if (icons) {
      response.writeHead(200, { "Content-Type": "font/woff" }).end(font(icons[1]));
      return;
    }
    const name = request.url.slice(1);
    if (!scripts.has(`/${name}.js`)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(shell(name));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
