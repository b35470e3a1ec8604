// The size gate: what an app that uses AuthClient ships, minified and gzipped.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 6000;
const { outputFiles } = await build({
  stdin: { contents: "export { AuthClient } from '@linden/auth-web';", resolveDir: import.meta.dirname },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  define: { 'process.env.NODE_ENV': '"production"' },
});
const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
console.log(`auth-web: ${size} of ${LIMIT} bytes gzipped`);
if (size > LIMIT) process.exit(1);
