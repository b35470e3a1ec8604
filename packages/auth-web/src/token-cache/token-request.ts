import type { Core } from '../core.js';

/** What an access token is asked for. Tokens are kept under exactly this. */
export interface TokenRequest {
  /** Complete and in a fixed order. */
  scope: string;
  accountId: string | null | undefined;
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
export function tokenRequest({ settings, accountId: selected }: Core, options: TokenRequestOptions = {}): TokenRequest {
  const { accountId = selected } = options;
  const asked = String(options.scope?.length ? options.scope : settings.scope);
  const scopes = ['openid', ...(asked.match(/[^\s,]+/g) ?? []).sort()];
  if (settings.useRefreshTokens && !/offline_access/i.test(asked)) scopes.push('OFFLINE_ACCESS');
  return {
    scope: [...new Set(scopes)].join(' '),
    accountId,
    params: { ...settings.authorizeParams, ...options.params },
  };
}

export const cacheKey = ({ scope, accountId, params }: TokenRequest): string =>
  JSON.stringify([accountId, scope, Object.entries(params).sort()]);
