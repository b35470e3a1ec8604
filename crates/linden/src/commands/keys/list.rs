use std::fmt;

use anyhow::Result;
use auth_core::signing_key::{Key, RotationPolicy, Standing, standings};
use auth_core::time::Timestamp;
use auth_server::environment::{Clock, SystemClock};
use auth_store::signing_key;
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
    signs_from: String,
    /// When it leaves the key set, or was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    retires_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// In the key set, so that everybody has it when it signs.
    Next,
    /// Tokens are signed with it.
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
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}  {}  ", line.key_id, line.algorithm)?;
            match (line.state, &line.retires_at) {
                (State::Next, _) => write!(f, "next, signs from {}", line.signs_from),
                (State::Signs, _) => write!(f, "signs since {}", line.signs_from),
                (State::Verifies, Some(until)) => write!(f, "verifies until {until}"),
                (State::Verifies, None) => write!(f, "verifies"),
                (State::Retired, Some(at)) => write!(f, "retired, erased at {at}"),
                (State::Retired, None) => write!(f, "retired"),
            }?;
        }
        Ok(())
    }
}

pub async fn run(options: ListOptions) -> Result<()> {
    let listed = options
        .server
        .with(async |opened| {
            let keys = signing_key::list(&opened.auth, opened.server.id).await?;
            Ok(listed(&keys, &RotationPolicy::of(&opened.server.settings), SystemClock.now()))
        })
        .await?;
    answer::print(&listed, options.server.json)
}

fn listed(keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Listed {
    let lines = keys.iter().zip(standings(keys, policy, now)).map(|(key, standing)| {
        let (state, retires_at) = match standing {
            Standing::Next => (State::Next, None),
            Standing::Signing => (State::Signs, None),
            Standing::Retiring { until } => (State::Verifies, Some(until)),
            Standing::Retired => (State::Retired, key.retired_at),
        };
        Line {
            key_id: key.key_id.clone(),
            algorithm: key.algorithm.name(),
            state,
            created_at: answer::moment(key.created_at),
            signs_from: answer::moment(key.activates_at),
            retires_at: retires_at.map(answer::moment),
        }
    });
    Listed { content: lines.collect() }
}

#[cfg(test)]
mod tests {
    use auth_core::server::ServerSettings;
    use auth_core::time::Span;
    use auth_protocol::jws::Algorithm;

    use super::*;

    #[test]
    fn each_key_is_listed_as_it_stands() {
        let day = 24 * 60 * 60;
        let key = |days: i64, algorithm, retired: bool| Key {
            key_id: days.to_string(),
            algorithm,
            created_at: Timestamp::from_seconds(days * day),
            activates_at: Timestamp::from_seconds((days + 1) * day),
            retired_at: retired.then_some(Timestamp::from_seconds(15 * day)),
        };
        let keys = [
            key(20, Algorithm::Es256, false),
            key(18, Algorithm::Es256, false),
            key(12, Algorithm::Es256, false),
            key(11, Algorithm::Es256, false),
            key(9, Algorithm::Rs256, false),
            key(1, Algorithm::Rs256, true),
        ];
        let policy = RotationPolicy::of(&ServerSettings::default());
        let now = Timestamp::from_seconds(20 * day) + Span::minutes(20);
        let listed = listed(&keys, &policy, now);
        let states: Vec<State> = listed.content.iter().map(|line| line.state).collect();
        let expected = [State::Next, State::Signs, State::Verifies, State::Retired, State::Signs, State::Retired];
        assert_eq!(states, expected);
        assert_eq!(listed.content[2].retires_at.as_deref(), Some("1970-01-21T01:00:00Z"));
    }
}
