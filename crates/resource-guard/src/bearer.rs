//! `Authorization: Bearer …` (RFC 6750 §2.1, RFC 9110 §11.4).

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::Refusal;

/// The token of the one `Authorization` header. A token in the query or body is never looked for.
pub(crate) fn token(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::TokenMissing)?;
    if values.next().is_some() {
        return Err(Refusal::AuthorizationMalformed);
    }
    let value = value.to_str().map_err(|_| Refusal::AuthorizationMalformed)?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Refusal::TokenMissing);
    }
    let token = token.trim_matches(' ');
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(is_token) {
        return Err(Refusal::AuthorizationMalformed);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Result<String, Refusal> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers).map(str::to_owned)
    }

    #[test]
    fn one_bearer_header_in_any_case_of_letters() {
        for value in ["Bearer a.b-c_d", "bearer a.b-c_d", "BEARER   a.b-c_d "] {
            assert_eq!(read(&[value]), Ok("a.b-c_d".to_owned()), "{value}");
        }
    }

    #[test]
    fn another_scheme_is_no_token() {
        for values in [&[][..], &["Basic YTpi"], &["DPoP a.b.c"], &["Bearera.b.c"]] {
            assert_eq!(read(values), Err(Refusal::TokenMissing), "{values:?}");
        }
    }

    #[test]
    fn doubled_and_ill_formed_headers_are_told_apart_from_bad_tokens() {
        for values in
            [&["Bearer a", "Bearer a"][..], &["Bearer a", "Basic b"], &["Bearer"], &["Bearer a b"], &["Bearer a,b"]]
        {
            assert_eq!(read(values), Err(Refusal::AuthorizationMalformed), "{values:?}");
        }
    }
}
