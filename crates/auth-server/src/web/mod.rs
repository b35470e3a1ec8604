//! What every endpoint shares of HTTP: which server is asked, cookies, forms, CSRF, sealed requests, CORS, answers.

pub mod access_line;
pub mod answer;
pub mod bearer;
pub mod cookies;
pub mod cors;
pub mod csrf;
pub mod entrance;
pub mod form;
pub mod forwarding;
pub mod headers;
pub mod request;
pub mod sealed;
