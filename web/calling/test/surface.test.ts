// Holds that everything which the official package declares is here, with all members, and that the official UI library's own
// declarations compile against it.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as calling from "../src/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Declared {
  part: string;
  kind: "class" | "const" | "enum" | "interface" | "type";
  name: string;
  members: string[];
}

const declared: Declared[] = readFileSync(`${root}/test/surface.txt`, "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [head, members] = line.split(": ");
    const [part, kind, name] = head!.split(" ");
    return { part: part!, kind: kind as Declared["kind"], name: name!, members: members?.split(" ") ?? [] };
  });

function options(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path));
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, noEmit: true };
}

describe("the surface", () => {
  const program = ts.createProgram([`${root}/src/index.ts`], options());
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(`${root}/src/index.ts`)!)!;
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));

  test("all names are exported", () => {
    expect(declared.length).toBe(320);
    expect(declared.filter(({ name }) => !exported.has(name)).map(({ name }) => name)).toEqual([]);
  });

  test("nothing besides, since an application that uses it could not go back", () => {
    const known = new Set(declared.map(({ name }) => name));
    expect([...exported.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test("all members are there", () => {
    const missing: string[] = [];
    for (const { kind, name, members } of declared) {
      let symbol = exported.get(name)!;
      if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      const isValue = kind === "const";
      const isEnum = kind === "enum";
      const type = isValue || isEnum ? checker.getTypeOfSymbol(symbol) : checker.getDeclaredTypeOfSymbol(symbol);
      for (const member of members) if (!checker.getPropertyOfType(type, member)) missing.push(`${name}.${member}`);
    }
    expect(missing).toEqual([]);
  });

  test("values are there at run time, and are proxies' friends: no #private fields", () => {
    const values = declared.filter(({ kind, name }) => (kind !== "interface" && kind !== "type" ? true : name in calling)).map(({ name }) => name);
    expect(values.filter((name) => !(name in calling))).toEqual([]);
    expect(values.sort()).toEqual(Object.keys(calling).sort());
    const sources = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${root}src`));
    expect(sources.length).toBeGreaterThan(50);
    const isPrivate = (node: ts.Node): boolean => ts.isPrivateIdentifier(node) || ts.forEachChild(node, isPrivate) === true;
    expect(sources.filter(isPrivate).map(({ fileName }) => fileName)).toEqual([]);
  });
});

const uiLibrary = `${root}../../browser/node_modules/@azure/communication-react/dist/communication-react.d.ts`;

describe.skipIf(!existsSync(uiLibrary))("the official UI library (skipped unless the browser tests' packages are installed)", () => {
  test("its declarations compile against this package", { timeout: 180_000 }, () => {
    const modules = `${root}../../browser/node_modules`;
    const program = ts.createProgram([uiLibrary], {
      ...options(),
      skipLibCheck: false,
      skipDefaultLibCheck: true,
      types: [],
      jsx: ts.JsxEmit.ReactJSX,
      esModuleInterop: true,
      baseUrl: root,
      paths: {
        "@azure/communication-calling": [`${root}src/index.ts`],
        "@azure/communication-common": [`${modules}/@azure/communication-common`],
        "@azure/logger": [`${root}node_modules/@azure/logger`],
      },
    });
    const source = program.getSourceFile(uiLibrary)!;
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
      // React's own types are the application's to install.
      .filter((message) => !/'react'|JSX|'@fluentui|calling-effects|'@azure\/communication-(?!calling)/.test(message));
    expect(problems).toEqual([]);
    const used = new Set<string>();
    source.forEachChild((node) => {
      if (!ts.isImportDeclaration(node) || (node.moduleSpecifier as ts.StringLiteral).text !== "@azure/communication-calling") return;
      const bindings = node.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings)) bindings.elements.forEach(({ name, propertyName }) => used.add((propertyName ?? name).text));
    });
    expect(used.size).toBeGreaterThan(40);
  });
});
