use std::fmt;

use commerce::apply::Kind as CommerceKind;
use database::Outcome;
use serde::Serialize;

/// What applying files did, by kinds of entries.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    kinds: Vec<Kind>,
    /// Each is shown here once, and never again.
    pub generated_secrets: Vec<GeneratedSecret>,
}

#[derive(Debug, Serialize)]
struct Kind {
    #[serde(rename = "kind")]
    name: &'static str,
    created: Vec<String>,
    changed: Vec<String>,
    unchanged: usize,
}

/// A secret that was made for a client. `Debug` shows nothing of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedSecret {
    pub client_id: String,
    pub secret: String,
}

impl fmt::Debug for GeneratedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GeneratedSecret({})", self.client_id)
    }
}

impl Report {
    pub(super) fn add_auth(&mut self, changes: auth_store::apply::Changes) {
        for change in changes.entries {
            self.add(change.kind.name(), change.name, change.outcome);
        }
    }

    /// `members` are the names of the declared members, in their order: the shop knows them by ids.
    pub(super) fn add_commerce<'a>(
        &mut self,
        changes: commerce::apply::Changes,
        mut members: impl Iterator<Item = &'a str>,
    ) {
        for change in changes.entries {
            let member = (change.kind == CommerceKind::Member).then(|| members.next()).flatten();
            self.add(change.kind.name(), member.map_or(change.name, str::to_owned), change.outcome);
        }
    }

    fn add(&mut self, kind: &'static str, name: String, outcome: Outcome) {
        let at = match self.kinds.iter().position(|known| known.name == kind) {
            Some(at) => at,
            None => {
                self.kinds.push(Kind { name: kind, created: Vec::new(), changed: Vec::new(), unchanged: 0 });
                self.kinds.len() - 1
            }
        };
        match outcome {
            Outcome::Created => self.kinds[at].created.push(name),
            Outcome::Changed => self.kinds[at].changed.push(name),
            Outcome::Unchanged => self.kinds[at].unchanged += 1,
        }
    }

    fn is_unchanged(&self) -> bool {
        self.kinds.iter().all(|kind| kind.created.is_empty() && kind.changed.is_empty())
    }
}

/// A line for each kind: `client: 1 created (reporting), 2 changed (storefront, kiosk), 4 unchanged`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kinds.iter().try_for_each(|kind| writeln!(f, "{kind}"))?;
        if self.is_unchanged() {
            writeln!(f, "everything was as declared already; nothing was written")
        } else {
            Ok(())
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |names: &[String], what: &str| match names {
            [] => None,
            names => Some(format!("{} {what} ({})", names.len(), names.join(", "))),
        };
        let unchanged = (self.unchanged > 0).then(|| format!("{} unchanged", self.unchanged));
        let parts = [named(&self.created, "created"), named(&self.changed, "changed"), unchanged];
        write!(f, "{}: {}", self.name, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}
