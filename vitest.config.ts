import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const sources = (name: string) => fileURLToPath(new URL(`packages/${name}/src/index.ts`, import.meta.url));
const storefront = (folder: string) => fileURLToPath(new URL(`apps/storefront/${folder}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      '@app': storefront('app'),
      '@src': storefront('src'),
      '@linden/auth-web': sources('auth-web'),
      '@linden/auth-react/permission': sources('auth-react').replace('index.ts', 'permission/index.ts'),
      '@linden/auth-react': sources('auth-react'),
      '@linden/commerce-client': sources('commerce-client'),
    },
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'https://shop.example/' } },
    include: ['packages/*/tests/**/*.test.{ts,tsx}', 'apps/*/tests/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
