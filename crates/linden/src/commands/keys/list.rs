use std::fmt;

use anyhow::Result;
use auth_store::signing_key::{self, ListedKey};
use clap::Args;
use serde::Serialize;

use crate::commands::answer;
use crate::commands::server::ServerOptions;

#[derive(Debug, Args)]
pub struct ListOptions {
    #[command(flatten)]
    server: ServerOptions,
}

#[derive(Serialize)]
struct Listed {
    content: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    key_id: String,
    algorithm: &'static str,
    state: State,
    created_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// The newest of its algorithm: tokens are signed with it.
    Signs,
    /// In the key set still, so that what it signed before can be verified.
    Verifies,
    /// In no key set any more.
    Retired,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.content.is_empty() {
            return write!(f, "no keys: the server makes them at its first start");
        }
        for (number, line) in self.content.iter().enumerate() {
            let state = match line.state {
                State::Signs => "signs",
                State::Verifies => "verifies",
                State::Retired => "retired",
            };
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}  {}  {state}  {}", line.key_id, line.algorithm, line.created_at)?;
        }
        Ok(())
    }
}

pub async fn run(options: ListOptions) -> Result<()> {
    let keys = options.server.with(async |opened| Ok(signing_key::list(&opened.auth, opened.server.id).await?)).await?;
    answer::print(&listed(&keys), options.server.json)
}

fn listed(keys: &[ListedKey]) -> Listed {
    let state = |at: usize, key: &ListedKey| {
        let newer = |other: &ListedKey| other.algorithm == key.algorithm && other.retired_at.is_none();
        match key.retired_at {
            Some(_) => State::Retired,
            None if keys[..at].iter().any(newer) => State::Verifies,
            None => State::Signs,
        }
    };
    let content = keys.iter().enumerate().map(|(at, key)| Line {
        key_id: key.key_id.clone(),
        algorithm: key.algorithm.name(),
        state: state(at, key),
        created_at: answer::moment(key.created_at),
    });
    Listed { content: content.collect() }
}

#[cfg(test)]
mod tests {
    use auth_core::time::Timestamp;
    use auth_protocol::jws::Algorithm;

    use super::*;

    #[test]
    fn the_newest_of_an_algorithm_signs_and_older_ones_verify() {
        let key = |seconds: i64, algorithm, retired: bool| ListedKey {
            key_id: seconds.to_string(),
            algorithm,
            created_at: Timestamp::from_seconds(seconds),
            retired_at: retired.then_some(Timestamp::from_seconds(9)),
        };
        let keys = [
            key(5, Algorithm::Es256, true),
            key(4, Algorithm::Es256, false),
            key(3, Algorithm::Rs256, false),
            key(2, Algorithm::Es256, false),
            key(1, Algorithm::Rs256, true),
        ];
        let states: Vec<State> = listed(&keys).content.iter().map(|line| line.state).collect();
        assert_eq!(states, [State::Retired, State::Signs, State::Signs, State::Verifies, State::Retired]);
    }
}
