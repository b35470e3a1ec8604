// The size gate: what auth-react adds to an app that has React and auth-web, minified and gzipped.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 1500;
const { outputFiles } = await build({
  stdin: { contents: "export * from '@linden/auth-react';", resolveDir: import.meta.dirname },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  external: ['react', 'react/jsx-runtime', '@linden/auth-web'],
  logOverride: { 'ignored-bare-import': 'silent' },
  write: false,
});
const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
console.log(`auth-react: ${size} of ${LIMIT} bytes gzipped`);
if (size > LIMIT) process.exit(1);
