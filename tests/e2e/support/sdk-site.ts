import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import type * as sdk from '@linden/auth-web';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { visitor } from './browser.js';

const root = resolve(import.meta.dirname, '../../..');
const FILES: [prefix: string, folder: string][] = [
  ['/sdk/', join(root, 'packages/auth-web/dist')],
  ['/silent-callback.', join(root, 'packages/auth-web/static/silent-callback.')],
];
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8' };

/** Pages with nothing but the SDK as it is published: every file a module of its own, so the parts loaded on first use are, too. */
export interface SdkSite {
  /** `http://localhost:…`: the site of the shop, another origin. */
  readonly origin: string;
  readonly port: number;
  close(): void;
}

/** `other` answers what is neither the SDK nor a plain page; `headers` go with every page. */
export async function startSdkSite(
  more: { other?: (path: string) => string | undefined; headers?: (path: string) => Record<string, string> } = {},
): Promise<SdkSite> {
  const send = (response: ServerResponse, type: string, body: string | Buffer) => {
    response.setHeader('content-type', type);
    response.end(body);
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [prefix, folder] = FILES.find(([start]) => pathname.startsWith(start)) ?? [];
    try {
      if (prefix && folder) {
        const separator = folder.endsWith('.') ? '' : '/';
        return send(
          response,
          TYPES[extname(pathname)] ?? 'text/plain',
          await readFile(folder + separator + pathname.slice(prefix.length)),
        );
      }
    } catch {
      response.statusCode = 404;
      return response.end();
    }
    for (const [name, value] of Object.entries(more.headers?.(pathname) ?? {})) response.setHeader(name, value);
    const other = more.other?.(pathname);
    if (other !== undefined) return send(response, TYPES[extname(pathname)] ?? 'text/html; charset=utf-8', other);
    const script = `<script type="module">import * as sdk from '/sdk/index.js'; window.sdk = sdk;</script>`;
    send(response, 'text/html; charset=utf-8', `<!doctype html><title>Page</title>${script}<body></body>`);
  });
  await new Promise<void>(listening => server.listen(0, listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whoever opens a browser: it knows nobody yet. */
export async function guest(browser: Browser): Promise<[BrowserContext, Page]> {
  const context = await visitor(browser);
  return [context, await context.newPage()];
}

export const isSignedIn = async (page: Page) => (await call(page, 'isAuthenticated')).value;

/** A client of the demo's authorization server for pages of these origins, as an extra file of configuration. */
export function clientTable(clientId: string, origins: readonly string[], callbacks: string[] = []): string {
  const uris = (paths: string[]) => JSON.stringify(origins.flatMap(origin => paths.map(path => origin + path)));
  return `[[client]]
server = "customers"
client_id = "${clientId}"
friendly_name = "${clientId}"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ${uris(['', '/', '/silent-callback.html', ...callbacks])}
post_logout_redirect_uris = ${uris(['', '/'])}
scopes = ["openid", "profile", "email", "USER", "CUSTOMER"]
`;
}

export type Sdk = typeof sdk;
export type AuthClient = InstanceType<Sdk['AuthClient']>;
export type Told = { value?: unknown; error?: { name: string; code?: string; description?: string; message: string } };

type SdkWindow = Window & { sdk: Sdk; auth?: AuthClient };

/** Opens a page and, once the SDK is there, makes its client: `window.auth`. */
export async function openWith(page: Page, url: string, options: sdk.AuthClientOptions): Promise<void> {
  await page.goto(url);
  await makeClient(page, options);
}

export async function makeClient(page: Page, options: sdk.AuthClientOptions): Promise<void> {
  await page.waitForFunction(() => 'sdk' in window);
  await page.evaluate(given => {
    const own = window as unknown as SdkWindow;
    own.auth = new own.sdk.AuthClient(given);
  }, options);
}

/** Calls a method of the page's client; what it rejects with is told, not thrown. */
export function call(page: Page, method: keyof AuthClient, ...given: unknown[]): Promise<Told> {
  return page.evaluate(
    async ([name, values]) => {
      const { auth } = window as unknown as { auth: Record<string, (...values: unknown[]) => unknown> };
      try {
        return { value: (await auth[name]?.(...values)) ?? undefined };
      } catch (thrown) {
        const error = thrown as { name: string; code?: string; description?: string; message: string };
        const { name: kind, code, description, message } = error;
        return { error: { name: kind, message, ...(code && { code }), ...(description && { description }) } };
      }
    },
    [method, given] as const,
  );
}
