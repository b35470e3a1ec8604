"""Authlib, a Python library that knows only the standards, goes the whole way; what it saw is printed as JSON."""

import json
import os
import re
import sys
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, callback, goodbye, username = sys.argv[1:]
secret, password = os.environ["CLIENT_SECRET"], os.environ["PASSWORD"]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
assert metadata["issuer"] == issuer
browser = requests.Session()


def redirect(response, fits):
    """Follows redirects to the first address that fits."""
    for _ in range(5):
        address = urljoin(response.url, response.headers["location"])
        if re.search(fits, address):
            return address
        response = browser.get(address, allow_redirects=False, timeout=10)
    raise AssertionError("redirects without end")


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def session(of_secret):
    return OAuth2Session(
        client_id, of_secret, scope="openid email", redirect_uri=callback, code_challenge_method="S256"
    )


client = session(secret)
verifier, nonce = "v" * 64, "a-nonce-of-this-run"
address, state = client.create_authorization_url(
    metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
)
form = redirect(browser.get(address, allow_redirects=False, timeout=10), "/login")
page = browser.get(form, timeout=10).text
fields = {"request": hidden(page, "request"), "_csrf": hidden(page, "_csrf"), "username": username, "password": password}
posted = browser.post(
    f"{issuer}/login", data=fields, headers={"sec-fetch-site": "same-origin"}, allow_redirects=False, timeout=10
)
answer = redirect(posted, "[?&](code|error)=")


def redeem(of_client):
    return of_client.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier
    )


def refusal(call):
    try:
        call()
    except OAuthError as error:
        return error.error
    return None


token = redeem(client)
keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
id_token = jwt.decode(token["id_token"], keys, algorithms=metadata["id_token_signing_alg_values_supported"])
jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": issuer},
    aud={"essential": True, "value": client_id},
    nonce={"essential": True, "value": nonce},
).validate(id_token.claims)
info = client.get(metadata["userinfo_endpoint"], timeout=10).json()
assert info["sub"] == id_token.claims["sub"]

signed_out = browser.get(
    metadata["end_session_endpoint"],
    params={"id_token_hint": token["id_token"], "post_logout_redirect_uri": goodbye, "state": "bye"},
    allow_redirects=False,
    timeout=10,
).headers["location"]
silent, _ = session(secret).create_authorization_url(
    metadata["authorization_endpoint"], code_verifier=verifier, prompt="none"
)
afterwards = redirect(browser.get(silent, allow_redirects=False, timeout=10), "[?&](code|error)=")

print(
    json.dumps(
        {
            "email": info["email"],
            "hint": id_token.claims.get("email"),
            "second_use": refusal(lambda: redeem(session(secret))),
            "wrong_secret": refusal(
                lambda: session("another").fetch_token(
                    metadata["token_endpoint"], grant_type="client_credentials"
                )
            ),
            "signed_out_to": signed_out,
            "afterwards": parse_qs(urlsplit(afterwards).query)["error"][0],
        }
    )
)
