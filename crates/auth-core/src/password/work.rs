//! The same work for everybody (rule 7): whoever tries a password, known or unknown, costs as much as the slowest hash of
//! each kind in use. The kinds add up, so that no two of them need to be compared.

use std::ops::Range;

use super::HashKind;

/// What verifying takes for the slowest of the hashes that lie on a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlowestHashes {
    /// Of Argon2id hashes from elsewhere; 0 when there are none. Our own count anyway.
    pub argon2id_blocks: u32,
    /// What the slowest of them fills at a time.
    pub argon2id_memory_kib: u32,
    /// 0 when there are none.
    pub bcrypt_cost: u32,
}

impl SlowestHashes {
    /// Whether there are hashes from elsewhere, whose passwords may have been hashed as they were entered.
    pub fn has_imported(&self) -> bool {
        self.argon2id_blocks > 0 || self.bcrypt_cost > 0
    }
}

/// What is done beside verifying a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Padding {
    pub argon2id_blocks: u32,
    /// One bcrypt for each cost: from c up to but without C they add up, with the one at c, to one at C.
    pub bcrypt_costs: Range<u32>,
}

/// `own_blocks` is the work of the hashes that we make; `hash` is absent for who is unknown or has no password.
pub fn padding(hash: Option<HashKind>, slowest: SlowestHashes, own_blocks: u32) -> Padding {
    let most = slowest.argon2id_blocks.max(own_blocks);
    let highest = slowest.bcrypt_cost;
    let bcrypt_whole = highest..highest + u32::from(highest > 0);
    match hash {
        None => Padding { argon2id_blocks: most, bcrypt_costs: bcrypt_whole },
        Some(kind @ HashKind::Argon2id { .. }) => {
            Padding { argon2id_blocks: most.saturating_sub(kind.argon2id_blocks()), bcrypt_costs: bcrypt_whole }
        }
        Some(HashKind::Bcrypt { cost }) => Padding { argon2id_blocks: most, bcrypt_costs: cost..highest.max(cost) },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: u32 = 38_912;

    /// Argon2id blocks and rounds of bcrypt.
    fn total(hash: Option<HashKind>, slowest: SlowestHashes) -> (u32, u32) {
        let padding = padding(hash, slowest, OWN);
        let padded = (padding.argon2id_blocks, padding.bcrypt_costs.map(|cost| 1 << cost).sum::<u32>());
        match hash {
            None => padded,
            Some(kind @ HashKind::Argon2id { .. }) => (padded.0 + kind.argon2id_blocks(), padded.1),
            Some(HashKind::Bcrypt { cost }) => (padded.0, padded.1 + (1 << cost)),
        }
    }

    proptest! {
        #[test]
        fn everybody_costs_the_same(blocks in 8..300_000_u32, most in 0..300_000_u32, cost in 4..14_u32, highest in 4..14_u32) {
            let slowest = SlowestHashes { argon2id_blocks: most.max(blocks), argon2id_memory_kib: 0, bcrypt_cost: highest.max(cost) };
            let unknown = total(None, slowest);
            prop_assert_eq!(total(Some(HashKind::Argon2id { memory_kib: blocks, passes: 1 }), slowest), unknown);
            prop_assert_eq!(total(Some(HashKind::Argon2id { memory_kib: OWN.min(slowest.argon2id_blocks), passes: 1 }), slowest), unknown);
            prop_assert_eq!(total(Some(HashKind::Bcrypt { cost }), slowest), unknown);
            prop_assert_eq!(unknown, (slowest.argon2id_blocks.max(OWN), 1 << slowest.bcrypt_cost));
        }
    }

    #[test]
    fn without_hashes_from_elsewhere_it_is_one_of_ours() {
        let none = SlowestHashes::default();
        assert_eq!(total(None, none), (OWN, 0));
        assert_eq!(padding(Some(HashKind::Argon2id { memory_kib: OWN / 2, passes: 2 }), none, OWN).argon2id_blocks, 0);
        assert!(!none.has_imported());
    }
}
