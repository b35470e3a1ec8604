import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDataDirectory, type Shop, startShop } from './support/shop.js';

// A program of others that shares no secret: it signs with a key of its own, and the shop's file has the public half.

const insecure = { [oauth.allowInsecureRequests]: true };
const ALGORITHMS = { es: 'ES256', rs: 'RS256', ed: 'Ed25519' } as const;

let shop: Shop;
let server: oauth.AuthorizationServer;
const keys = new Map<string, CryptoKey>();

beforeAll(async () => {
  let published = '';
  for (const [kid, algorithm] of Object.entries(ALGORITHMS)) {
    const pair = await oauth.generateKeyPair(algorithm);
    keys.set(kid, pair.privateKey);
    const { key_ops, ext, alg, ...members } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const fields = Object.entries({ kid, ...members }).map(([name, value]) => `${name} = "${value}"`);
    published += `[[client.jwks.keys]]\n${fields.join('\n')}\n`;
  }
  const file = join(newDataDirectory(), 'erp.toml');
  writeFileSync(
    file,
    `[[client]]
server = "customers"
client_id = "erp"
authentication_methods = ["private_key_jwt"]
grant_types = ["client_credentials"]
permissions = ["READ_ITEM_LIST"]
access_token_algorithm = "RS256"
${published}`,
  );
  shop = await startShop({ args: ['--with', file] });
  const issuer = new URL(`${shop.origin}/auth`);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});

afterAll(() => shop?.close());

function ask(authentication: oauth.ClientAuth) {
  return oauth.clientCredentialsGrantRequest(server, { client_id: 'erp' }, authentication, {}, insecure);
}

it.each(Object.keys(ALGORITHMS))('a key of its own opens: %s', async kid => {
  const key = keys.get(kid) as CryptoKey;
  const answer = await ask(oauth.PrivateKeyJwt({ key, kid }));
  const tokens = await oauth.processClientCredentialsResponse(server, { client_id: 'erp' }, answer);
  expect(tokens.token_type).toBe('bearer');
  // The token is verified by the same library, against the key set that discovery names.
  const request = new Request(`${shop.origin}/api/cart/item-lists`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const claims = await oauth.validateJwtAccessToken(server, request, 'linden-api', {
    ...insecure,
    signingAlgorithms: ['RS256'],
  });
  expect(claims).toMatchObject({ sub: 'erp', client_id: 'erp' });
  expect((await fetch(request)).status, 'and a service takes it').toBe(200);
});

it('an assertion that is sent again, and a key that is another’s, are refused', async () => {
  const key = keys.get('es') as CryptoKey;
  const good = oauth.PrivateKeyJwt({ key, kid: 'es' });
  const sent = new URLSearchParams();
  await good(server, { client_id: 'erp' }, sent, new Headers());
  const same: oauth.ClientAuth = (_server, _client, body) => {
    for (const [name, value] of sent) body.set(name, value);
  };
  expect((await ask(same)).status).toBe(200);
  const stranger = await oauth.generateKeyPair('ES256');
  for (const refused of [same, oauth.PrivateKeyJwt({ key: stranger.privateKey, kid: 'es' })]) {
    const answer = oauth.processClientCredentialsResponse(server, { client_id: 'erp' }, await ask(refused));
    await expect(answer).rejects.toMatchObject({ error: 'invalid_client', status: 401 });
  }
});
