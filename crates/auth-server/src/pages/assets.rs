//! The files that pages refer to. Each is known by a name with a piece of its content's hash in it, so it can be served
//! with `Cache-Control: public, max-age=31536000, immutable`: other content has another name.

use std::sync::LazyLock;

#[derive(rust_embed::Embed)]
#[folder = "assets"]
struct Files;

/// A file as it is to be served.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// A strong validator, quotes included (RFC 9110 §8.8.3).
    pub etag: &'static str,
}

struct Stored {
    plain_name: String,
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
    etag: String,
}

static STORED: LazyLock<Vec<Stored>> = LazyLock::new(|| Files::iter().filter_map(|path| stored(&path)).collect());

/// The asset of a hashed name such as `style.1f0c96ab12de34f5.css`; a name without hash or with an outdated one has none.
pub fn get(name: &str) -> Option<Asset> {
    STORED.iter().find(|stored| stored.name == name).map(|stored| Asset {
        content_type: stored.content_type,
        bytes: &stored.bytes,
        etag: &stored.etag,
    })
}

/// Where the style sheet of all pages is, under the path that assets are served at (`/auth/assets`).
pub fn stylesheet_url(base: &str) -> String {
    url(base, "style.css")
}

/// The mark before the shop's name, and in the browser's tab.
pub fn mark_url(base: &str) -> String {
    url(base, "mark.svg")
}

/// What presses the button of the page that posts an answer to the client.
pub fn form_post_script_url(base: &str) -> String {
    url(base, "form-post.js")
}

fn url(base: &str, plain_name: &str) -> String {
    let stored = STORED.iter().find(|stored| stored.plain_name == plain_name);
    debug_assert!(stored.is_some(), "there is no asset {plain_name}");
    format!("{}/{}", base.trim_end_matches('/'), stored.map_or(plain_name, |stored| &stored.name))
}

fn stored(path: &str) -> Option<Stored> {
    let file = Files::get(path)?;
    let (stem, extension) = path.rsplit_once('.')?;
    let content_type = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    let hash: String = file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Some(Stored {
        plain_name: path.to_owned(),
        name: format!("{stem}.{hash}.{extension}"),
        content_type,
        bytes: file.data.into_owned(),
        etag: format!("\"{hash}\""),
    })
}
