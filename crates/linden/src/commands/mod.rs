//! Commands beside serving.

pub mod apply;
