// The size gate: what an app that uses AuthClient loads at once, minified and gzipped. Rotation and the other parts that are loaded
// when they are first used are told beside it, each with what it needs that is not there yet.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 6000;
const onDemand = new Set();

const bundle = contents =>
  build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'on-demand',
        setup({ onResolve }) {
          onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
            if (kind !== 'dynamic-import') return undefined;
            onDemand.add(new URL(path, `file://${resolveDir}/`).pathname);
            return { path, external: true };
          });
        },
      },
    ],
  });
const sizeOf = ({ outputFiles }) => gzipSync(outputFiles[0].contents, { level: 9 }).length;

const client = "export { AuthClient } from '@linden/auth-web';";
const size = sizeOf(await bundle(client));
console.log(`auth-web: ${size} of ${LIMIT} bytes gzipped`);
for (const path of onDemand) {
  const more = sizeOf(await bundle(`${client} export * from ${JSON.stringify(path)};`)) - size;
  console.log(`  on first use: ${more} ${path.split('/').pop()}`);
}
if (size > LIMIT) process.exit(1);
