import type { Core } from '../core.js';

/** What an access token is asked for. Tokens are kept under exactly this. */
export interface TokenRequest {
  /** Complete and in a fixed order. */
  scope: string;
  accountId: string | undefined;
  params: Record<string, string>;
}

export interface TokenRequestOptions {
  /** Instead of the client's default scope. */
  scope?: string | readonly string[] | undefined;
  /** Instead of the selected account; `null` for none. */
  accountId?: string | null | undefined;
  /** Extra parameters of the authorize request. */
  params?: Record<string, string> | undefined;
}

/** Fills in the client's defaults, `openid` and with rotation `OFFLINE_ACCESS`. */
export function tokenRequest({ settings, accountId }: Core, options: TokenRequestOptions = {}): TokenRequest {
  const asked = options.scope?.length ? options.scope : settings.scope;
  const scopes = (typeof asked === 'string' ? asked : asked.join(' ')).split(/\s+/).filter(Boolean).sort();
  const added = settings.useRefreshTokens && !scopes.includes('offline_access') ? ['OFFLINE_ACCESS'] : [];
  return {
    scope: [...new Set(['openid', ...scopes, ...added])].join(' '),
    accountId: options.accountId === undefined ? accountId : (options.accountId ?? undefined),
    params: { ...settings.authorizeParams, ...options.params },
  };
}

export const cacheKey = ({ scope, accountId = '', params }: TokenRequest): string =>
  [accountId, scope, ...Object.entries(params).sort().map(String)].join('|');
