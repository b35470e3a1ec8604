import type { Core } from '../core.js';
import type { GetAccessTokenOptions } from '../renewal/renewal.js';

/** The newest switch of each client: an older one that ends later changes nothing. */
const newest = new WeakMap<Core, object>();

/** The account counts as selected once a signed-in user's token for it has been had. */
export async function switchAccount(
  core: Core,
  accountId: string | null,
  getAccessToken: (options: GetAccessTokenOptions) => Promise<string>,
): Promise<void> {
  const own = {};
  newest.set(core, own);
  if (core.store.session()) await getAccessToken({ accountId });
  if (newest.get(core) !== own) return;
  core.accountId = accountId;
  core.events.emit({ type: 'account_changed' });
}
