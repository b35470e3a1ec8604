import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const storefront = (folder: string) => fileURLToPath(new URL(`apps/storefront/${folder}`, import.meta.url));

export default defineConfig({
  resolve: { alias: { '@app': storefront('app'), '@src': storefront('src') } },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'https://shop.example/' } },
    include: ['packages/*/tests/**/*.test.{ts,tsx}', 'apps/*/tests/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
