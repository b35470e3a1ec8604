//! Who may look up applications: whoever has the permission, in the token's tenant.

use resource_guard::{Nobody, Policy, Read, Resource};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Applications;

impl Resource for Applications {
    const ROOT: &'static str = "APPLICATION";
}

pub(crate) const READ_APPLICATION: Policy<Read, Applications, Nobody> =
    Policy::operation(Read).root(Applications).owned_by(Nobody);
