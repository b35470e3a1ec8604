// The npm package oidc-provider with its in-memory adapter, at what the figures compare: client credentials that answer
// with a signed JWT, as ours do. Prints where it listens, like every server that is measured here.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [clientId, clientSecret, scope] = process.argv.slice(2);
const audience = 'linden-api';
const lifetime = 300;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials'],
        id_token_signed_response_alg: 'ES256',
        redirect_uris: [],
        response_types: [],
        scope,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:linden:api',
        getResourceServerInfo: () => ({
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetime,
          audience,
          jwt: { sign: { alg: 'ES256' } },
          scope,
        }),
      },
    },
    jwks: { keys: [{ ...key, alg: 'ES256', kid: 'measured', use: 'sig' }] },
    routes: { token: '/auth/oauth/token' },
    scopes: [scope],
  });
  server.on('request', provider.callback());
  console.log(`oidc-provider ready at ${origin}`);
});
