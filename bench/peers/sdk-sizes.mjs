// What a page pays for signing in: each SDK's client bundled, minified and gzipped alike. Prints one JSON object.
// Ours is the built package of this checkout, with what it loads at once and, apart, with everything it may load later.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ours = new URL('../../packages/auth-web/', import.meta.url).pathname;
const clients = {
  '@linden/auth-web': { contents: "export { AuthClient } from './dist/index.js';", resolveDir: ours },
  '@auth0/auth0-spa-js': { contents: "export { createAuth0Client } from '@auth0/auth0-spa-js';" },
  'oidc-client-ts': { contents: "export { UserManager } from 'oidc-client-ts';" },
  'keycloak-js': { contents: "export { default } from 'keycloak-js';" },
};

const versionOf = name => {
  const directory = name.startsWith('@linden/') ? ours : new URL(`node_modules/${name}/`, import.meta.url).pathname;
  return JSON.parse(readFileSync(`${directory}package.json`, 'utf8')).version;
};

const sizeOf = async (source, { later }) => {
  const { outputFiles } = await build({
    stdin: { resolveDir: import.meta.dirname, ...source },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: later ? [] : [onDemandApart],
  });
  return outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0);
};

const onDemandApart = {
  name: 'on-demand-apart',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

const sizes = [];
for (const [name, source] of Object.entries(clients)) {
  sizes.push({
    name,
    version: versionOf(name),
    at_once: await sizeOf(source, { later: false }),
    with_all: await sizeOf(source, { later: true }),
  });
}
console.log(JSON.stringify(sizes));
