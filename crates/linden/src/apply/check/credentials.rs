use crate::apply::credential::Credential;
use crate::apply::declaration::{Declaration, Entry};
use crate::reading::Spanned;
use crate::reading::{Complaints, Place};

/// Fetches what `{ env = "NAME" }` stands for.
pub(super) fn look_up(
    declaration: &mut Declaration,
    environment: &dyn Fn(&str) -> Option<String>,
    complaints: &mut Complaints,
) {
    let mut fetch = |file: usize, credential: &mut Spanned<Credential>| {
        let place = Place { file, offset: credential.span().start };
        if let Credential::Environment { variable, value } = credential.get_mut() {
            // A name with NUL or `=` in it would make the system's look-up panic.
            let sound = !variable.is_empty() && !variable.contains(['=', '\0']);
            *value = sound.then(|| environment(variable)).flatten().filter(|value| !value.is_empty());
            if value.is_none() {
                complaints
                    .add(place, format!("the environment variable {variable:?} is not set: set it and run again"));
            }
        }
    };
    for Entry { place, table } in &mut declaration.clients {
        table.secret.iter_mut().for_each(|secret| fetch(place.file, secret));
    }
    for Entry { place, table } in &mut declaration.users {
        table.password.iter_mut().for_each(|password| fetch(place.file, password));
    }
}
