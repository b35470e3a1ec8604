//! The values that labels may have: all of them, and no others.

/// One of few values, known beforehand, of one label or of several.
pub trait Labels: Copy + 'static {
    const COUNT: usize;

    fn nth(index: usize) -> Self;

    fn index(self) -> usize;

    fn pairs(self) -> Vec<(&'static str, &'static str)>;
}

impl<A: Labels, B: Labels> Labels for (A, B) {
    const COUNT: usize = A::COUNT * B::COUNT;

    fn nth(index: usize) -> Self {
        (A::nth(index / B::COUNT), B::nth(index % B::COUNT))
    }

    fn index(self) -> usize {
        self.0.index() * B::COUNT + self.1.index()
    }

    fn pairs(self) -> Vec<(&'static str, &'static str)> {
        [self.0.pairs(), self.1.pairs()].concat()
    }
}

macro_rules! labels {
    ($($(#[$documented:meta])* $name:ident, $label:literal { $($(#[$told:meta])* $variant:ident $text:literal),+ $(,)? })+) => {$(
        $(#[$documented])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$told])* $variant),+
        }

        impl $name {
            pub const COUNT: usize = [$(Self::$variant),+].len();
            pub const EVERY: [Self; Self::COUNT] = [$(Self::$variant),+];

            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl Labels for $name {
            const COUNT: usize = Self::COUNT;

            fn nth(index: usize) -> Self {
                Self::EVERY[index]
            }

            fn index(self) -> usize {
                self as usize
            }

            fn pairs(self) -> Vec<(&'static str, &'static str)> {
                vec![($label, self.text())]
            }
        }
    )+};
}

labels! {
    Part, "part" {
        Auth "auth",
        Gateway "gateway",
        Tenant "tenant",
        TenantResolver "tenant_resolver",
        Customer "customer",
        Cart "cart",
    }

    /// Parts that the gateway calls: how long itself it took, its upstreams' times tell.
    CalledPart, "part" {
        Auth "auth",
        Tenant "tenant",
        TenantResolver "tenant_resolver",
        Customer "customer",
        Cart "cart",
    }

    StatusClass, "status" {
        Informational "1xx",
        Success "2xx",
        Redirection "3xx",
        ClientError "4xx",
        ServerError "5xx",
    }

    SignIn, "outcome" {
        Success "success",
        WrongCredentials "wrong_credentials",
        Locked "locked",
        /// Too many passwords waited to be hashed.
        Busy "busy",
        StorageFailed "storage_failed",
    }

    TokenGrant, "grant" {
        AuthorizationCode "authorization_code",
        ClientCredentials "client_credentials",
        /// None that is offered, or the client was refused before its grant was read.
        Unknown "unknown",
    }

    /// Tokens, or the error of RFC 6749 §5.2.
    TokenOutcome, "outcome" {
        Issued "issued",
        InvalidRequest "invalid_request",
        InvalidClient "invalid_client",
        InvalidGrant "invalid_grant",
        UnauthorizedClient "unauthorized_client",
        UnsupportedGrantType "unsupported_grant_type",
        InvalidScope "invalid_scope",
        TemporarilyUnavailable "temporarily_unavailable",
        ServerError "server_error",
        Other "other",
    }

    Cache, "cache" {
        /// Of the authorization server.
        Clients "clients",
        /// Of the gateway.
        Applications "applications",
        GuestTokens "guest_tokens",
        /// Of whoever verifies tokens.
        VerifiedTokens "verified_tokens",
    }

    Lookup, "result" {
        Hit "hit",
        Miss "miss",
    }

    GuestToken, "outcome" {
        Fetched "fetched",
        Failed "failed",
    }

    Store, "store" {
        Auth "auth",
        Commerce "commerce",
    }

    End, "outcome" {
        Done "done",
        Failed "failed",
    }

    WaitFor, "for" {
        /// SQLite's one thread that writes.
        Writer "writer",
        /// One of SQLite's threads that read.
        Reader "reader",
        /// A connection to PostgreSQL.
        Connection "connection",
    }

    /// Why the database did not do a call.
    Unavailable, "reason" {
        QueueFull "queue_full",
        TimedOut "timed_out",
        Disconnected "disconnected",
        Storage "storage",
        OutcomeUnknown "outcome_unknown",
        Other "other",
    }

    /// Why an upstream gave no answer.
    UpstreamFailure, "reason" {
        Unreachable "unreachable",
        TimedOut "timed_out",
        NoAnswer "no_answer",
        Other "other",
    }
}

impl From<CalledPart> for Part {
    fn from(part: CalledPart) -> Self {
        match part {
            CalledPart::Auth => Self::Auth,
            CalledPart::Tenant => Self::Tenant,
            CalledPart::TenantResolver => Self::TenantResolver,
            CalledPart::Customer => Self::Customer,
            CalledPart::Cart => Self::Cart,
        }
    }
}

impl End {
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Done } else { Self::Failed }
    }
}

impl StatusClass {
    pub fn of(status: u16) -> Self {
        match status {
            0..200 => Self::Informational,
            200..300 => Self::Success,
            300..400 => Self::Redirection,
            400..500 => Self::ClientError,
            _ => Self::ServerError,
        }
    }
}

impl TokenOutcome {
    /// By the error's name on the wire.
    pub fn refused(error: &str) -> Self {
        Self::EVERY.into_iter().find(|known| known.text() == error).unwrap_or(Self::Other)
    }
}

impl TokenGrant {
    pub fn named(grant_type: Option<&str>) -> Self {
        Self::EVERY.into_iter().find(|known| Some(known.text()) == grant_type).unwrap_or(Self::Unknown)
    }
}
