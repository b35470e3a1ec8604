use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use super::state::State;

pub const STYLE: &str = include_str!("../../../assets/dev.css");

#[derive(Template)]
#[template(path = "dev.html")]
struct Page<'a> {
    state: &'a State,
}

pub fn html(state: &State) -> Response {
    match (Page { state }).render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
