import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compiledTexts } from './build/compiled-texts.ts';
import { silentCallbackFiles } from './build/silent-callback-files.ts';

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Where `vite dev` finds the server. Its public origin must be the address of `vite dev`, see README.md. */
const server = process.env.LINDEN_ORIGIN ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react(), compiledTexts(), silentCallbackFiles()],
  resolve: { alias: { '@app': folder('app'), '@src': folder('src') } },
  build: {
    target: 'es2022',
    // Pictures stay files of their own: cached once, and not sent to those who never look at them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(['/auth', '/api', '/config.json'].map(path => [path, { target: server }])) },
});
