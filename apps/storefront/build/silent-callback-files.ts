import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const TYPES = { 'silent-callback.html': 'text/html', 'silent-callback.js': 'text/javascript' };
const { resolve } = createRequire(import.meta.url);

/** Serves the page of the silent sign-in from the SDK, so that the shop never keeps an older copy of it. */
export function silentCallbackFiles(): Plugin {
  const files = Object.entries(TYPES).map(([name, type]) => ({
    name,
    type: `${type}; charset=utf-8`,
    source: () => readFileSync(resolve(`@linden/auth-web/${name}`), 'utf8'),
  }));
  return {
    name: 'silent-callback-files',
    configureServer(server) {
      for (const { name, type, source } of files) {
        server.middlewares.use(`/${name}`, (_request, response) => {
          response.setHeader('content-type', type);
          response.end(source());
        });
      }
    },
    generateBundle() {
      for (const { name, source } of files) this.emitFile({ type: 'asset', fileName: name, source: source() });
    },
  };
}
