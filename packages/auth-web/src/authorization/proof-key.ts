import { AuthError } from '../errors.js';

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, char => (char < '/' ? '-' : char < '=' ? '_' : ''));

/** 256 random bits: a state, a nonce or a code verifier. */
export const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** RFC 7636 §4.2, S256. */
export async function challengeOf(verifier: string): Promise<string> {
  if (!crypto.subtle) throw new AuthError('insecure_context', 'use https or localhost');
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}
