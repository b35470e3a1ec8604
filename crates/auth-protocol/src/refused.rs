//! Why a request was refused, in words for those who run the parts.

/// Lies among the extensions of an answer that refuses something, for whatever stands around the part in the same process:
/// logs, and the page of `linden dev`. It is never sent. `reason` may say what the answer must not (rule 11), but holds no
/// secret: no token, code, cookie or query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The code that the answer has, too.
    pub code: String,
    pub reason: String,
}

impl Refused {
    pub fn new(code: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code: code.into(), reason: reason.into() }
    }
}
