/// One SQL text for both engines, with `$1`, `$2`, … as parameters. Made by [`statements!`](crate::statements) alone, so
/// that every statement of a store is in a list that its test prepares on both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    name: &'static str,
    text: &'static str,
}

impl Statement {
    pub const fn new(name: &'static str, text: &'static str) -> Statement {
        Statement { name, text }
    }

    /// The constant's name, for logs: the text itself stays out of them.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub const fn text(&self) -> &'static str {
        self.text
    }
}

/// Names statements and lists them as `STATEMENTS`, once a module:
///
/// ```
/// database::statements! {
///     /// Decides by one row's own columns; nobody gets a code twice.
///     pub REDEEM_CODE = "UPDATE code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING client_id";
///     pub COUNT_CODES = "SELECT count(*) FROM code";
/// }
/// assert_eq!(STATEMENTS.len(), 2);
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$about:meta])* $visibility:vis $name:ident = $text:expr;)*) => {
        $(
            $(#[$about])*
            $visibility static $name: $crate::Statement = $crate::Statement::new(stringify!($name), $text);
        )*

        /// Every statement of this module, for the test that prepares them.
        #[allow(dead_code, reason = "read by the test that prepares every statement on both engines")]
        pub static STATEMENTS: &[&$crate::Statement] = &[$(&$name),*];
    };
}

/// Values for `$1`, `$2`, … in order: `params![id, "text", None::<i64>]`.
#[macro_export]
macro_rules! params {
    () => {{
        const NONE: &[$crate::Value] = &[];
        NONE
    }};
    ($($value:expr),+ $(,)?) => {
        &[$($crate::Value::from($value)),+]
    };
}

/// What an engine says of a statement once prepared. The two engines must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub statement: &'static str,
    pub parameters: usize,
    pub columns: Vec<String>,
}
