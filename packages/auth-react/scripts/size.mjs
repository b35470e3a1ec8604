// The size gates: what auth-react adds to an app that has React and auth-web, and what its other entry adds to that, minified and gzipped.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 1500;
const PERMISSION_LIMIT = 350;

async function sizeOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react', 'react/jsx-runtime', '@linden/auth-web'],
    logOverride: { 'ignored-bare-import': 'silent' },
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const core = "export * from '@linden/auth-react';";
const size = await sizeOf(core);
const permission = (await sizeOf(`${core} export * from '@linden/auth-react/permission';`)) - size;
console.log(`auth-react: ${size} of ${LIMIT} bytes gzipped`);
console.log(`  with permission: ${permission} more of ${PERMISSION_LIMIT}`);
if (size > LIMIT || permission > PERMISSION_LIMIT) process.exit(1);
