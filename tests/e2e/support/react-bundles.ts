import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { AuthProviderProps } from '@linden/auth-react';
import { build } from 'esbuild';

/** Here lies React 18; the storefront and the packages' own tests use 19. */
const INSTALLED = { 18: import.meta.dirname, 19: resolve(import.meta.dirname, '../../../apps/storefront') };
export type ReactVersion = keyof typeof INSTALLED;

async function bundle(version: ReactVersion, platform: 'browser' | 'node', contents: string): Promise<string> {
  const { resolve: find } = createRequire(join(INSTALLED[version], 'any.js'));
  const folder = (name: string) => dirname(find(`${name}/package.json`));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'tsx' },
    alias: { react: folder('react'), 'react-dom': folder('react-dom') },
    bundle: true,
    define: { 'process.env.NODE_ENV': '"development"' },
    format: platform === 'node' ? 'cjs' : 'iife',
    jsx: 'automatic',
    logLevel: 'error',
    platform,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A script that goes on in the browser with what a server has drawn; React's complaints reach the console. */
export const hydrating = (version: ReactVersion, options: AuthProviderProps): Promise<string> =>
  bundle(
    version,
    'browser',
    `import { version } from 'react';
     import { hydrateRoot } from 'react-dom/client';
     import { App } from './react-app';
     document.title = version;
     hydrateRoot(document.getElementById('root'), <App {...${JSON.stringify(options)}} />);`,
  );

/** What a server draws, where there is no page. */
export async function drawnByServer(version: ReactVersion, options: AuthProviderProps): Promise<string> {
  const script = await bundle(
    version,
    'node',
    `import { renderToString } from 'react-dom/server';
     import { App } from './react-app';
     export const html = renderToString(<App {...${JSON.stringify(options)}} />);`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'linden-e2e-'));
  try {
    const file = join(folder, 'app.cjs');
    writeFileSync(file, script);
    return (createRequire(import.meta.url)(file) as { html: string }).html;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
