//! Hashes that are accepted from elsewhere: Argon2id as a PHC string, and bcrypt. Their cost is theirs, so it is bounded:
//! verifying a hash must not take the server's memory, nor its threads for long.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// 64 MiB, which several libraries have as their default.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
/// Memory times passes: 64 MiB four times over, about seven times the work of our own hashes.
const MOST_BLOCKS: u32 = 4 * MOST_MEMORY_KIB;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;
const LOWEST_BCRYPT_COST: u32 = 4;
/// About half a second.
const HIGHEST_BCRYPT_COST: u32 = 13;
const BCRYPT_LENGTH: usize = 60;

/// What verifying a hash takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashKind {
    Argon2id {
        memory_kib: u32,
        passes: u32,
    },
    /// The work doubles with each step.
    Bcrypt {
        cost: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPasswordHash {
    #[error(
        "must be an Argon2id hash, such as $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH, or a bcrypt hash, such as $2b$12$…"
    )]
    Unknown,
    #[error(
        "is no Argon2id hash: it is $argon2id$v=19$m=…,t=…,p=…$SALT$HASH, salt of 8 to 48 bytes and hash of 16 to 64 in base64 without padding"
    )]
    Argon2id,
    #[error("would cost too much to verify: at most m=65536, t=16, p=16, and m times t at most 262144")]
    Argon2idCost,
    #[error("is no bcrypt hash: it is $2a$, $2b$ or $2y$, a cost of two digits, $ and 53 characters")]
    Bcrypt,
    #[error("must have a bcrypt cost of 4 to 13: more would take too long to verify")]
    BcryptCost,
}

impl HashKind {
    /// Of Argon2id: blocks of 1 KiB that are filled, memory times passes.
    pub const fn argon2id_blocks(self) -> u32 {
        match self {
            HashKind::Argon2id { memory_kib, passes } => memory_kib.saturating_mul(passes),
            HashKind::Bcrypt { .. } => 0,
        }
    }

    pub const fn bcrypt_cost(self) -> u32 {
        match self {
            HashKind::Argon2id { .. } => 0,
            HashKind::Bcrypt { cost } => cost,
        }
    }

    /// Reads a hash that is well-formed and within the bounds.
    pub fn of(hash: &str) -> Result<HashKind, InvalidPasswordHash> {
        if let Some(rest) = hash.strip_prefix("$argon2id$") {
            return argon2id(rest);
        }
        match ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix)) {
            true => bcrypt(hash),
            false => Err(InvalidPasswordHash::Unknown),
        }
    }
}

fn argon2id(rest: &str) -> Result<HashKind, InvalidPasswordHash> {
    let malformed = InvalidPasswordHash::Argon2id;
    // A hash that names no version is of the first, which is broken where ours is not.
    let parts: Vec<&str> = rest.split('$').collect();
    let ["v=19", costs, salt, hash] = parts[..] else { return Err(malformed) };
    let mut costs = costs.split(',');
    let mut cost = |name: &str| {
        let digits = costs.next()?.strip_prefix(name)?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
    };
    let (Some(memory_kib), Some(passes), Some(lanes)) = (cost("m="), cost("t="), cost("p=")) else {
        return Err(malformed);
    };
    let length = |text: &str| STANDARD_NO_PAD.decode(text).map(|bytes| bytes.len()).unwrap_or_default();
    if costs.next().is_some() || !(8..=48).contains(&length(salt)) || !(16..=64).contains(&length(hash)) {
        return Err(malformed);
    }
    let kind = HashKind::Argon2id { memory_kib, passes };
    let costly = memory_kib > MOST_MEMORY_KIB || passes > MOST_PASSES || lanes > MOST_LANES;
    if costly || kind.argon2id_blocks() > MOST_BLOCKS {
        return Err(InvalidPasswordHash::Argon2idCost);
    }
    // RFC 9106 §3.1: at least eight blocks a lane.
    if memory_kib < 8 * lanes { Err(malformed) } else { Ok(kind) }
}

fn bcrypt(hash: &str) -> Result<HashKind, InvalidPasswordHash> {
    let bytes = hash.as_bytes();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    let well_formed = bytes.len() == BCRYPT_LENGTH
        && bytes[4..6].iter().all(u8::is_ascii_digit)
        && bytes[6] == b'$'
        && bytes[7..].iter().all(is_base64);
    if !well_formed {
        return Err(InvalidPasswordHash::Bcrypt);
    }
    let cost = u32::from(bytes[4] - b'0') * 10 + u32::from(bytes[5] - b'0');
    match (LOWEST_BCRYPT_COST..=HIGHEST_BCRYPT_COST).contains(&cost) {
        true => Ok(HashKind::Bcrypt { cost }),
        false => Err(InvalidPasswordHash::BcryptCost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT_AND_HASH: &str = "c29tZXNhbHRzb21lc2FsdA$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU";

    fn argon2id(costs: &str) -> Result<HashKind, InvalidPasswordHash> {
        HashKind::of(&format!("$argon2id$v=19${costs}${SALT_AND_HASH}"))
    }

    #[test]
    fn argon2id_within_bounds() {
        assert_eq!(argon2id("m=19456,t=2,p=1"), Ok(HashKind::Argon2id { memory_kib: 19_456, passes: 2 }));
        assert_eq!(argon2id("m=65536,t=4,p=4"), Ok(HashKind::Argon2id { memory_kib: 65_536, passes: 4 }));
        assert_eq!(argon2id("m=8,t=1,p=1"), Ok(HashKind::Argon2id { memory_kib: 8, passes: 1 }));
        for costly in [
            "m=65537,t=1,p=1",
            "m=4294967295,t=1,p=1",
            "m=99999999999,t=1,p=1",
            "m=65536,t=5,p=1",
            "m=1024,t=17,p=1",
            "m=1024,t=1,p=17",
        ] {
            assert_eq!(argon2id(costly), Err(InvalidPasswordHash::Argon2idCost), "{costly}");
        }
        for malformed in
            ["", "m=8", "t=2,m=19456,p=1", "m=19456,t=2,p=1,keyid=a", "m=15,t=1,p=2", "m=0,t=1,p=1", "m=+8,t=1,p=1"]
        {
            assert_eq!(argon2id(malformed), Err(InvalidPasswordHash::Argon2id), "{malformed}");
        }
    }

    #[test]
    fn other_versions_and_pieces_of_argon2() {
        for malformed in [
            format!("$argon2id$m=19456,t=2,p=1${SALT_AND_HASH}"),
            format!("$argon2id$v=16$m=19456,t=2,p=1${SALT_AND_HASH}"),
            "$argon2id$v=19$m=19456,t=2,p=1$c2hvcnQ$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$QUJD".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA".to_owned(),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT_AND_HASH}$"),
        ] {
            assert_eq!(HashKind::of(&malformed), Err(InvalidPasswordHash::Argon2id), "{malformed}");
        }
        for unknown in
            ["", "plain", "$argon2i$v=19$", "$1$salt$hash", "$2$12$", "$2x$12$", "{SSHA}x", "$pbkdf2-sha256$"]
        {
            assert_eq!(HashKind::of(unknown), Err(InvalidPasswordHash::Unknown), "{unknown}");
        }
    }

    #[test]
    fn bcrypt_within_bounds() {
        let with =
            |head: &str| HashKind::of(&format!("{head}{}", "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"));
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            assert_eq!(with(&format!("{prefix}10$")), Ok(HashKind::Bcrypt { cost: 10 }));
            assert_eq!(with(&format!("{prefix}04$")), Ok(HashKind::Bcrypt { cost: 4 }));
            assert_eq!(with(&format!("{prefix}13$")), Ok(HashKind::Bcrypt { cost: 13 }));
            for costly in ["03$", "14$", "31$", "99$"] {
                assert_eq!(with(&format!("{prefix}{costly}")), Err(InvalidPasswordHash::BcryptCost));
            }
            for malformed in ["1$", "+4$", "10", "10$x", "10$ä"] {
                assert_eq!(with(&format!("{prefix}{malformed}")), Err(InvalidPasswordHash::Bcrypt), "{malformed}");
            }
        }
        assert_eq!(HashKind::of("$2b$"), Err(InvalidPasswordHash::Bcrypt));
    }
}
