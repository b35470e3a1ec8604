import type { Browser, BrowserContext, Request, Response } from 'playwright-core';

/** Parameters, fields and members of answers that are nobody else's business. */
const NAMES = new Set([
  '_csrf',
  'access_token',
  'answer',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'id_token',
  'id_token_hint',
  'nonce',
  'password',
  'posted',
  'request',
  'state',
]);
/** Shorter ones may be found by chance. */
const SHORTEST = 8;

const noted = new Set<string>();

export function note(secret: unknown): void {
  if (typeof secret === 'string' && secret.length >= SHORTEST) noted.add(secret);
}

/** Notes what the browsers send and get that is secret. */
export function listen(browser: Browser): Browser {
  const watch = (context: BrowserContext) => {
    // A page may be gone before it is asked for its last request.
    context.on('request', request => void sent(request).catch(() => {}));
    context.on('response', response => void received(response).catch(() => {}));
  };
  browser.on('context', watch);
  return browser;
}

async function sent(request: Request): Promise<void> {
  notePairs(new URL(request.url()).searchParams);
  if (request.postData()) notePairs(new URLSearchParams(request.postData() ?? ''));
  const headers = await request.allHeaders();
  note(headers.authorization?.split(' ')[1]);
  for (const cookie of headers.cookie?.split(';') ?? []) note(cookie.split('=')[1]?.trim());
}

async function received(response: Response): Promise<void> {
  const headers = await response.allHeaders();
  for (const cookie of headers['set-cookie']?.split('\n') ?? []) note(cookie.split(';')[0]?.split('=')[1]);
  if (headers.location) notePairs(new URL(headers.location, response.url()).searchParams);
  if (!response.url().endsWith('/oauth/token')) return;
  const members = Object.entries((await response.json()) as Record<string, unknown>);
  for (const [name, value] of members) if (NAMES.has(name)) note(value);
}

function notePairs(pairs: URLSearchParams): void {
  for (const [name, value] of pairs) if (NAMES.has(name)) note(value);
}

/** Lines of a program's log that hold something that was noted: as it is, percent-encoded or in base64. */
export function telling(log: readonly string[]): string[] {
  const forms = [...noted].flatMap(secret => [secret, encodeURIComponent(secret), ...inBase64(secret)]);
  return log.filter(line => forms.some(form => line.includes(form)));
}

/** Wherever it may begin in what was encoded, and without the characters that it shares with its neighbours. */
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap(before => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const [first, last] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return [bytes.toString('base64').slice(first, last), bytes.toString('base64url').slice(first, last)];
  });
}
