import type { Location } from 'react-router';

export const LOGIN_PATH = '/login';

type Place = Pick<Location, 'pathname' | 'search' | 'hash'>;

export const addressOf = ({ pathname, search, hash }: Place) => pathname + search + hash;

/** Where to go after a sign-in that starts here: the page the guard turned away from, or this page. */
export function returnToOf(location: Location): string {
  if (location.pathname !== LOGIN_PATH) return addressOf(location);
  const from = (location.state as { from?: unknown } | null)?.from;
  return typeof from === 'string' ? from : '/';
}

/** A path of this shop, whatever it was asked to be: a sign-in must not lead to another site. */
export function ownPath(returnTo: string | undefined): string {
  const shop = window.location.origin;
  const target = URL.canParse(returnTo ?? '', shop) ? new URL(returnTo ?? '', shop) : undefined;
  // Two slashes at the start would name another site.
  return target?.origin === shop ? addressOf(target).replace(/^\/+/, '/') : '/';
}
