use std::fmt;

use auth_protocol::id::ItemListId;

use super::{Comparison, DEEPEST, LONGEST, MOST_VALUES, Operand, Operator, Query};
use crate::cart::{ListName, WrongValue};

/// Which character of the query, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub usize);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}", self.0)
    }
}

/// Why a query was not understood; the text is for the developer who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("The query has at most {LONGEST} bytes.")]
    TooLong,
    #[error("Parentheses stand in each other deeper than {DEEPEST} at {0}.")]
    TooDeep(Place),
    #[error("There are more than {MOST_VALUES} values at {0}.")]
    TooManyValues(Place),
    #[error("A comparison begins with a field, at {0}: name or id.")]
    FieldMissing(Place),
    #[error("The field {field} at {place} cannot be compared; name and id can.")]
    UnknownField { place: Place, field: String },
    #[error("{found} at {place} is not supported; ==, !=, =in= and =out= are.")]
    UnknownOperator { place: Place, found: String },
    #[error("A value is missing at {0}.")]
    ValueMissing(Place),
    #[error("The operator takes its values in parentheses, at {0}: name=in=(one,two).")]
    ListMissing(Place),
    #[error("The operator takes one value, at {0}; =in= and =out= take several.")]
    OneValueOnly(Place),
    #[error("The star at {0} is no wildcard; a star of the name itself stands in quotes.")]
    Wildcard(Place),
    #[error("The quote that opens at {0} is not closed.")]
    QuoteOpen(Place),
    #[error("The parenthesis that opens at {0} is not closed.")]
    ParenthesisOpen(Place),
    #[error(
        "The end of the query, a ; or a , was expected at {0}. Values with blanks or reserved characters stand in quotes."
    )]
    Unexpected(Place),
    #[error("The name at {place} {wrong}.")]
    WrongName { place: Place, wrong: WrongValue },
    #[error("The value at {0} is no id.")]
    WrongId(Place),
}

/// Characters.
const MOST_REPEATED: usize = 40;

pub(super) fn parse(text: &str) -> Result<Query, QueryError> {
    if text.len() > LONGEST {
        return Err(QueryError::TooLong);
    }
    let mut parser = Parser { text, at: 0, values: 0 };
    let query = parser.any(0)?;
    if parser.peek().is_some() { Err(QueryError::Unexpected(parser.place(parser.at))) } else { Ok(query) }
}

struct Parser<'a> {
    text: &'a str,
    /// Byte.
    at: usize,
    values: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while self.take(',') {
            parts.push(self.all(depth)?);
        }
        Ok(alone(&mut parts).unwrap_or(Query::Any(parts)))
    }

    fn all(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut parts = vec![self.term(depth)?];
        while self.take(';') {
            parts.push(self.term(depth)?);
        }
        Ok(alone(&mut parts).unwrap_or(Query::All(parts)))
    }

    fn term(&mut self, depth: usize) -> Result<Query, QueryError> {
        self.skip_blanks();
        let opening = self.at;
        if !self.take('(') {
            return self.comparison();
        }
        if depth == DEEPEST {
            return Err(QueryError::TooDeep(self.place(opening)));
        }
        let query = self.any(depth + 1)?;
        self.close(opening)?;
        Ok(query)
    }

    fn comparison(&mut self) -> Result<Query, QueryError> {
        let start = self.at;
        let field = self.while_true(|character| character.is_ascii_alphanumeric() || "._".contains(character));
        match field {
            "name" | "id" => {}
            "" => return Err(QueryError::FieldMissing(self.place(start))),
            _ => return Err(QueryError::UnknownField { place: self.place(start), field: shortened(field) }),
        }
        let operator = self.operator()?;
        let values = if operator.takes_many() { self.list()? } else { vec![self.single()?] };
        let operand = if field == "name" {
            Operand::Names(values.iter().map(|value| self.name(value)).collect::<Result<_, _>>()?)
        } else {
            Operand::Ids(values.iter().map(|value| self.id(value)).collect::<Result<_, _>>()?)
        };
        Ok(Query::Comparison(Comparison { operator, operand }))
    }

    fn operator(&mut self) -> Result<Operator, QueryError> {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        if let Some(operator) = Operator::ALL.into_iter().find(|operator| rest.starts_with(operator.text())) {
            self.at += operator.text().len();
            return Ok(operator);
        }
        let place = self.place(self.at);
        let signs = shortened(self.while_true(|character| "=!<>~".contains(character)));
        let word = if signs == "=" { self.while_true(|character| character.is_ascii_lowercase()) } else { "" };
        let end = if self.text[self.at..].starts_with('=') && !word.is_empty() { "=" } else { "" };
        let found = match format!("{signs}{}{end}", shortened(word)) {
            nothing if nothing.is_empty() => "What follows the field".to_owned(),
            operator => format!("The operator {operator}"),
        };
        Err(QueryError::UnknownOperator { place, found })
    }

    fn list(&mut self) -> Result<Vec<Value>, QueryError> {
        self.skip_blanks();
        let opening = self.at;
        if !self.take('(') {
            return Err(QueryError::ListMissing(self.place(opening)));
        }
        let mut values = vec![self.value()?];
        while self.take(',') {
            values.push(self.value()?);
        }
        self.close(opening)?;
        Ok(values)
    }

    fn single(&mut self) -> Result<Value, QueryError> {
        if self.peek() == Some('(') {
            return Err(QueryError::OneValueOnly(self.place(self.at)));
        }
        self.value()
    }

    fn value(&mut self) -> Result<Value, QueryError> {
        let next = self.peek();
        let start = self.at;
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(QueryError::TooManyValues(self.place(start)));
        }
        if let Some(quote @ ('\'' | '"')) = next {
            return Ok(Value { start, text: self.quoted(quote)? });
        }
        let is_plain = |character: char| !character.is_whitespace() && !"\"'();,=!~<>".contains(character);
        let text = self.while_true(is_plain);
        match text.find('*') {
            _ if text.is_empty() => Err(QueryError::ValueMissing(self.place(start))),
            Some(star) => Err(QueryError::Wildcard(self.place(start + star))),
            None => Ok(Value { start, text: text.to_owned() }),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, QueryError> {
        let opening = self.at;
        let mut value = String::new();
        let mut characters = self.text[opening..].char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                _ if character == quote => {
                    self.at = opening + at + quote.len_utf8();
                    return Ok(value);
                }
                _ => value.push(character),
            }
        }
        Err(QueryError::QuoteOpen(self.place(opening)))
    }

    fn name(&self, value: &Value) -> Result<ListName, QueryError> {
        ListName::parse(&value.text).map_err(|wrong| QueryError::WrongName { place: self.place(value.start), wrong })
    }

    fn id(&self, value: &Value) -> Result<ItemListId, QueryError> {
        value.text.parse().map_err(|_| QueryError::WrongId(self.place(value.start)))
    }

    fn close(&mut self, opening: usize) -> Result<(), QueryError> {
        match self.peek() {
            Some(')') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(QueryError::Unexpected(self.place(self.at))),
            None => Err(QueryError::ParenthesisOpen(self.place(opening))),
        }
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.at += wanted.len_utf8();
        }
        is_next
    }

    fn skip_blanks(&mut self) {
        self.while_true(char::is_whitespace);
    }

    fn while_true(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let found = &rest[..rest.find(|character| !belongs(character)).unwrap_or(rest.len())];
        self.at += found.len();
        found
    }

    fn place(&self, at: usize) -> Place {
        Place(self.text[..at].chars().count() + 1)
    }
}

/// A value, and the byte where it starts.
struct Value {
    start: usize,
    text: String,
}

/// What an answer repeats of a request stays short.
fn shortened(word: &str) -> String {
    word.chars().take(MOST_REPEATED).collect()
}

/// The only one of them, if there is no other.
fn alone(parts: &mut Vec<Query>) -> Option<Query> {
    if parts.len() == 1 { parts.pop() } else { None }
}
