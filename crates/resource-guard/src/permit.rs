use std::marker::PhantomData;

use auth_protocol::id::TenantId;

use crate::{Caller, Ownership};

/// The proof that a [`Policy`](crate::Policy) let a caller pass, for one operation on one kind of record of one owner.
///
/// Storage takes it as an argument and reads tenant and owner out of it. Nothing but a policy makes one:
///
/// ```compile_fail,E0451
/// use resource_guard::{Caller, Nobody, Permit, Read, Resource};
/// #[derive(Clone, Copy)]
/// struct Payment;
/// impl Resource for Payment { const ROOT: &'static str = "PAYMENT"; }
///
/// fn forged(caller: Caller) -> Permit<Read, Payment, Nobody> {
///     Permit { caller, owner: (), proves: std::marker::PhantomData }
/// }
/// ```
///
/// and one for reading does not delete:
///
/// ```compile_fail,E0308
/// use resource_guard::{Caller, Delete, Nobody, Permit, Policy, Read, Refusal, Resource};
/// #[derive(Clone, Copy)]
/// struct Payment;
/// impl Resource for Payment { const ROOT: &'static str = "PAYMENT"; }
///
/// fn delete_payments(permit: &Permit<Delete, Payment, Nobody>) {}
///
/// fn endpoint(caller: &Caller) -> Result<(), Refusal> {
///     delete_payments(&Policy::operation(Read).root(Payment).check(caller, ())?);
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a permit is there to be demanded by what follows"]
pub struct Permit<O, R, W: Ownership> {
    caller: Caller,
    owner: W::Id,
    proves: PhantomData<(O, R)>,
}

impl<O, R, W: Ownership> Permit<O, R, W> {
    pub(crate) fn granted(caller: Caller, owner: W::Id) -> Self {
        Self { caller, owner, proves: PhantomData }
    }

    /// Whose data it opens, and never another tenant's.
    pub fn tenant_id(&self) -> TenantId {
        self.caller.tenant_id()
    }

    pub fn owner(&self) -> W::Id {
        self.owner
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}
