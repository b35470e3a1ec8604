import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FormBrowser } from './support/form-browser.js';
import { ANNA, newDataDirectory, type Shop, startShop } from './support/shop.js';

// Programs of others that know only the standards. Each goes the whole way: discovery, sign-in, user info, sign-out, errors.

const SECRET = 'a-secret-for-these-tests-and-nothing-else';
const CALLBACK = 'https://program.example/callback';
const GOODBYE = 'https://program.example/goodbye';

let shop: Shop;
let issuer: string;

beforeAll(async () => {
  const file = join(newDataDirectory(), 'programs.toml');
  const client = (id: string, method: string) => `[[client]]
server = "customers"
client_id = "${id}"
friendly_name = "A program of others"
authentication_methods = ["${method}"]
grant_types = ["authorization_code", "client_credentials"]
redirect_uris = ["${CALLBACK}"]
post_logout_redirect_uris = ["${GOODBYE}"]
scopes = ["openid", "email", "profile", "USER"]
permissions = ["READ_ITEM_LIST"]
secret = "${SECRET}"
`;
  writeFileSync(file, client('program-basic', 'client_secret_basic') + client('program-post', 'client_secret_post'));
  shop = await startShop({ args: ['--with', file] });
  issuer = `${shop.origin}/auth`;
});

afterAll(() => shop?.close());

it('oauth4webapi', async () => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const discovered = await oauth.discoveryRequest(new URL(issuer), insecure);
  const server = await oauth.processDiscoveryResponse(new URL(issuer), discovered);
  const client: oauth.Client = { client_id: 'program-post' };
  const authentication = oauth.ClientSecretPost(SECRET);
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const authorize = new URL(server.authorization_endpoint ?? '');
  authorize.search = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid email',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }).toString();

  const browser = new FormBrowser();
  const callback = await browser.signIn(authorize, ANNA);
  const parameters = oauth.validateAuthResponse(server, client, callback, state);
  const redeem = () =>
    oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, CALLBACK, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, await redeem(), {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const informed = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
  const info = await oauth.processUserInfoResponse(server, client, claims?.sub ?? '', informed);
  expect(info.email).toBe('anna@fjord.example');

  const again = oauth.processAuthorizationCodeResponse(server, client, await redeem());
  await expect(again).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  const impostor = oauth.ClientSecretPost('another-secret');
  const refused = await oauth.clientCredentialsGrantRequest(server, client, impostor, {}, insecure);
  await expect(oauth.processClientCredentialsResponse(server, client, refused)).rejects.toMatchObject({
    error: 'invalid_client',
    status: 401,
  });

  const out = new URL(server.end_session_endpoint ?? '');
  out.search = new URLSearchParams({
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: GOODBYE,
    state: 'bye',
  }).toString();
  expect((await browser.ask(out)).href).toBe(`${GOODBYE}?state=bye`);
  authorize.searchParams.set('prompt', 'none');
  const nobody = await browser.ask(authorize);
  expect(() => oauth.validateAuthResponse(server, client, nobody, state)).toThrow(
    expect.objectContaining({ error: 'login_required' }),
  );
});

it('openid-client', async () => {
  const config = await openid.discovery(new URL(issuer), 'program-basic', undefined, openid.ClientSecretBasic(SECRET), {
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const authorize = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const browser = new FormBrowser();
  const callback = await browser.signIn(authorize, ANNA);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await openid.authorizationCodeGrant(config, callback, checks);
  const info = await openid.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '');
  expect(info.email).toBe('anna@fjord.example');
  await expect(openid.authorizationCodeGrant(config, callback, checks)).rejects.toMatchObject({
    error: 'invalid_grant',
  });

  const own = await openid.clientCredentialsGrant(config);
  expect(own.token_type.toLowerCase()).toBe('bearer');
  await expect(openid.clientCredentialsGrant(config, { scope: 'no "scope"' })).rejects.toMatchObject({
    error: 'invalid_scope',
  });
  const out = openid.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: GOODBYE,
  });
  expect((await browser.ask(out)).href).toBe(GOODBYE);
  authorize.searchParams.set('prompt', 'none');
  const nobody = await browser.ask(authorize);
  await expect(openid.authorizationCodeGrant(config, nobody, checks)).rejects.toMatchObject({
    error: 'login_required',
  });
});

it('authlib', async () => {
  const python = process.env.LINDEN_TEST_PYTHON;
  if (!python)
    throw new Error('LINDEN_TEST_PYTHON names no Python with authlib: run `cargo xtask test --only browser`');
  const script = join(import.meta.dirname, 'python/authlib_client.py');
  const arguments_ = [script, issuer, 'program-basic', CALLBACK, GOODBYE, ANNA.username];
  const environment = {
    ...process.env,
    CLIENT_SECRET: SECRET,
    PASSWORD: ANNA.password,
    AUTHLIB_INSECURE_TRANSPORT: '1',
  };
  const { stdout } = await promisify(execFile)(python, arguments_, { env: environment });
  expect(JSON.parse(stdout)).toEqual({
    email: 'anna@fjord.example',
    hint: 'anna@fjord.example',
    second_use: 'invalid_grant',
    wrong_secret: 'invalid_client',
    signed_out_to: `${GOODBYE}?state=bye`,
    afterwards: 'login_required',
  });
});
