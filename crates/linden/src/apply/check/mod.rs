//! What one table must not say, and what two tables must not say together.

mod clients;
mod credentials;
mod shop;
mod twice;
mod users;

use super::application_clients;
use super::declaration::Declaration;
use crate::reading::{Complaints, Mistakes};

pub(super) fn check(
    declaration: &mut Declaration,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Mistakes> {
    let mut complaints = Complaints::default();
    credentials::look_up(declaration, environment, &mut complaints);
    application_clients::bring(declaration, &mut complaints);
    twice::check(declaration, &mut complaints);
    servers(declaration, &mut complaints);
    declaration.clients.iter().for_each(|client| clients::check(client, &mut complaints));
    declaration.users.iter().for_each(|user| users::check(user, &mut complaints));
    shop::check(declaration, &mut complaints);
    complaints.finish(&declaration.files)
}

fn servers(declaration: &Declaration, complaints: &mut Complaints) {
    for server in &declaration.servers {
        let lifetimes = &server.table.lifetimes;
        if let (Some(inactivity), Some(end)) = (&lifetimes.session_inactivity_seconds, &lifetimes.session_seconds)
            && inactivity.get_ref().0 > end.get_ref().0
        {
            let place = server.at(inactivity);
            complaints
                .add(place, "session_inactivity_seconds: is longer than session_seconds, so it would never count");
        }
    }
}
