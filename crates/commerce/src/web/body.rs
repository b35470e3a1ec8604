use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use axum::body;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::web::failure::{Failure, field_error};

/// Bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// Bytes of a field's path or of what is wrong with it, as they are in a JSON answer.
const LONGEST_TOLD: usize = 200;

/// A JSON body. `T` denies unknown fields, and leaves it to the service's rules what its values may be.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        received(request, &["application/json"]).await.map(Self)
    }
}

/// A JSON merge patch (RFC 7396); plain JSON is taken for one, too.
pub(crate) struct MergePatch<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MergePatch<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        received(request, &["application/merge-patch+json", "application/json"]).await.map(Self)
    }
}

/// A member of a merge patch, when it is there at all: null is a value, and means that the field is to be emptied.
pub(crate) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

async fn received<T: DeserializeOwned>(request: Request, kinds: &[&str]) -> Result<T, Failure> {
    if !is_one_of(request.headers(), kinds) {
        return Err(Failure::UnsupportedMediaType);
    }
    let body = body::to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|error| {
        match error.into_inner().downcast_ref::<LengthLimitError>() {
            Some(_) => Failure::TooLarge,
            None => Failure::Malformed("The body ended early.".to_owned()),
        }
    })?;
    read(&body)
}

fn is_one_of(headers: &HeaderMap, kinds: &[&str]) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kinds.iter().any(|wanted| kind.eq_ignore_ascii_case(wanted))
}

/// A JSON object. What serde derives takes a list for one, too, its entries in the order of the fields.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // The whole body is meant where no field is.
        let path = Some(error.path().to_string()).filter(|path| path != ".").unwrap_or_default();
        let error = error.into_inner();
        if error.is_data() {
            let message = error.to_string();
            // The place is at the end; a sender's text may say " at line ", too.
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            Failure::Fields(vec![field_error(&cut(&path), "invalid", cut(message))])
        } else {
            Failure::Malformed(format!("The body is not JSON: {error}."))
        }
    })?;
    json.end().map_err(|error| Failure::Malformed(format!("The body is not JSON: {error}.")))?;
    Ok(value)
}

/// What repeats a sender's names and texts may be as long as they are.
fn cut(text: &str) -> Cow<'_, str> {
    let mut length = 0;
    let end = text.char_indices().find(|(_, character)| {
        length += match character {
            '"' | '\\' => 2,
            '\0'..='\u{1f}' => 6,
            other => other.len_utf8(),
        };
        length > LONGEST_TOLD
    });
    match end {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
