// Bundles the unmodified packages and serves the pages from an origin of their own, as an application would.

import { createServer } from "node:http";
import { once } from "node:events";
import { build } from "esbuild";

// ChatComposite needs no calling; the UI library imports the calling SDK all the same, and only when a call is made uses it.
const NO_CALLING = {
  name: "no-calling",
  setup(bundler) {
    bundler.onResolve({ filter: /^@azure\/communication-calling(-effects)?$/ }, () => ({ path: "calling", namespace: "none" }));
    bundler.onLoad({ filter: /.*/, namespace: "none" }, () => ({
      contents: "module.exports = { Features: {}, DiagnosticQuality: {} };",
    }));
  },
};

/** The pages by name: which source, and which package the import "chat" means. */
const PAGES = {
  newest: { source: "pages/chat.js", alias: { chat: "@azure/communication-chat" } },
  older: { source: "pages/chat.js", alias: { chat: "chat-older" } },
  composite: { source: "pages/composite.jsx", alias: {} },
};

async function bundle({ source, alias }) {
  const result = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "chrome120",
    alias,
    plugins: [NO_CALLING],
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
    const name = request.url.slice(1);
    if (!scripts.has(`/${name}.js`)) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
      .end(`<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,"><div id="root"></div><script src="/${name}.js"></script>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
