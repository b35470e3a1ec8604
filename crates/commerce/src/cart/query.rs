//! The `cq` parameter: which item lists are meant, in RSQL.
//!
//! ```text
//! query      = all *( "," all )                        ; any of them
//! all        = term *( ";" term )                      ; every one of them
//! term       = comparison / "(" query ")"
//! comparison = field ( "==" / "!=" ) value
//!            / field ( "=in=" / "=out=" ) "(" value *( "," value ) ")"
//! field      = "name" / "id"
//! value      = plain / "'" text "'" / DQUOTE text DQUOTE  ; in quotes, a backslash takes the next character as it is
//! ```
//!
//! Blanks may stand between the parts. What is not of this form is refused with its place, never half understood: wildcards,
//! other operators and fields, `and` and `or` in words. Nothing here touches the database: a query is a tree of values that
//! [`Query::matches`] asks, so no text of a request ever becomes SQL.

mod parser;
mod printing;
#[cfg(test)]
mod tests;

use auth_protocol::id::ItemListId;

use crate::cart::ListName;

pub use parser::{Place, QueryError};

/// Bytes; what is longer is refused unread.
pub const LONGEST: usize = 4_096;
/// Parentheses within parentheses.
pub const DEEPEST: usize = 8;
/// Values of all comparisons together.
pub const MOST_VALUES: usize = 100;

/// A query that was understood. It prints itself as RSQL that reads back as the same query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Joined by `;`: two or more.
    All(Vec<Query>),
    /// Joined by `,`: two or more.
    Any(Vec<Query>),
    Comparison(Comparison),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub operator: Operator,
    pub operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    In,
    Out,
}

/// A field and what it is compared with: one value, or with `=in=` and `=out=` one or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    Names(Vec<ListName>),
    Ids(Vec<ItemListId>),
}

impl Operator {
    pub const ALL: [Operator; 4] = [Operator::Equal, Operator::NotEqual, Operator::In, Operator::Out];

    pub const fn text(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::In => "=in=",
            Operator::Out => "=out=",
        }
    }

    const fn takes_many(self) -> bool {
        matches!(self, Operator::In | Operator::Out)
    }
}

impl Query {
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        parser::parse(text)
    }

    /// Whether a list of this id and name is meant. Names are compared character by character, as they are written.
    pub fn matches(&self, id: ItemListId, name: &str) -> bool {
        match self {
            Query::All(parts) => parts.iter().all(|part| part.matches(id, name)),
            Query::Any(parts) => parts.iter().any(|part| part.matches(id, name)),
            Query::Comparison(Comparison { operator, operand }) => {
                let is_among = match operand {
                    Operand::Names(names) => names.iter().any(|wanted| wanted.as_str() == name),
                    Operand::Ids(ids) => ids.contains(&id),
                };
                is_among == matches!(operator, Operator::Equal | Operator::In)
            }
        }
    }
}
