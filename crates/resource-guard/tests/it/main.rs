mod http_answers;
mod issuer;
mod keys;
mod tokens;
mod verified_tokens;
