use auth_store::user::PasswordHash;

use super::*;
use crate::environment::SystemRandom;

/// Made by other programs: of "U*U", and of "ppppp" over the bytes that bcrypt looks at.
const BCRYPT_VECTORS: [(&str, &str); 4] = [
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
    ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
    ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
];

fn own(hash: &str) -> Option<StoredPassword> {
    Some(StoredPassword { hash: PasswordHash(hash.to_owned()), is_imported: false })
}

fn imported(hash: &str) -> Option<StoredPassword> {
    Some(StoredPassword { hash: PasswordHash(hash.to_owned()), is_imported: true })
}

const BCRYPT_IN_USE: SlowestHashes = SlowestHashes { argon2id_blocks: 0, argon2id_memory_kib: 0, bcrypt_cost: 6 };

#[tokio::test]
async fn the_password_and_no_other() {
    let hashing = PasswordHashing::start(1).unwrap();
    let hash = hashing.hash("harbour lantern".to_owned(), &SystemRandom).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    let prove = async |password: &str, stored| {
        hashing.prove(TypedPassword::read(password), stored, SlowestHashes::default()).await.unwrap()
    };
    assert!(prove("harbour lantern", own(&hash)).await);
    assert!(prove("harbour\u{a0}lantern", own(&hash)).await, "another keyboard's space");
    assert!(!prove("harbour lanterns", own(&hash)).await);
    assert!(!prove("harbour lantern", None).await);
    assert!(!prove("harbour lantern", own("of their own")).await);
}

#[tokio::test]
async fn bcrypt_of_other_programs() {
    let hashing = PasswordHashing::start(1).unwrap();
    for (password, hash) in BCRYPT_VECTORS {
        for (typed, wanted) in [(password, !password.is_empty()), ("something else", false)] {
            let proven = hashing.prove(TypedPassword::read(typed), imported(hash), BCRYPT_IN_USE).await.unwrap();
            // An empty password is no password, whatever was hashed.
            assert_eq!(proven, wanted, "{typed} {hash}");
        }
    }
}

#[tokio::test]
async fn bcrypt_looks_at_72_bytes_and_takes_no_nul() {
    let hashing = PasswordHashing::start(1).unwrap();
    let made = |password: &[u8]| {
        let parts = bcrypt::hash_with_salt(password, 4, [7; 16]).unwrap();
        imported(&parts.format_for_version(bcrypt::Version::TwoB))
    };
    let prove =
        async |typed: &str, stored| hashing.prove(TypedPassword::read(typed), stored, BCRYPT_IN_USE).await.unwrap();
    let long = "x".repeat(100);
    assert!(prove(&long, made(long.as_bytes())).await);
    assert!(prove(&"x".repeat(72), made(long.as_bytes())).await, "the program that made the hash took it, too");
    assert!(!prove(&"x".repeat(71), made(long.as_bytes())).await);
    assert!(!prove("a\0b", made(b"a\0b")).await);
    assert!(!prove("a\0b", made(b"a")).await);
}

/// The form as entered counts for hashes from elsewhere alone.
#[tokio::test]
async fn prepared_first_and_then_as_entered() {
    let hashing = PasswordHashing::start(1).unwrap();
    let as_entered = "pass wo\u{308}rd";
    let hash = hashing.hash(as_entered.to_owned(), &SystemRandom).await.unwrap();
    let canonical = hashing.hash("pass wörd".to_owned(), &SystemRandom).await.unwrap();
    let prove = async |stored| hashing.prove(TypedPassword::read(as_entered), stored, BCRYPT_IN_USE).await.unwrap();
    assert!(prove(imported(&hash)).await);
    assert!(!prove(own(&hash)).await);
    assert!(prove(imported(&canonical)).await);
    assert!(prove(own(&canonical)).await);
}

#[tokio::test]
async fn argon2id_of_other_costs() {
    let hashing = PasswordHashing::start(1).unwrap();
    // Of "password" with the salt "somesalt", from the reference implementation's tests.
    let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let slowest = SlowestHashes { argon2id_blocks: 131_072, argon2id_memory_kib: 65_536, bcrypt_cost: 0 };
    assert!(hashing.prove(TypedPassword::read("password"), imported(hash), slowest).await.unwrap());
    assert!(!hashing.prove(TypedPassword::read("passwore"), imported(hash), slowest).await.unwrap());
}

#[tokio::test]
async fn a_full_queue_answers_at_once() {
    let hashing = PasswordHashing::start(1).unwrap();
    let waiting: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn({
                let hashing = hashing.clone();
                async move { hashing.prove(TypedPassword::read("x"), None, SlowestHashes::default()).await }
            })
        })
        .collect();
    let mut busy = 0;
    for answer in waiting {
        busy += usize::from(answer.await.unwrap() == Err(HashingError::Busy));
    }
    assert!(busy > 0, "200 jobs for one thread were all taken");
}

/// `/proc/self/task/*/stat` (proc(5)): the niceness stands 17 fields behind the name.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn whoever_needs_no_hash_goes_first() {
    let hashing = PasswordHashing::start(1).unwrap();
    hashing.hash("harbour lantern".to_owned(), &SystemRandom).await.unwrap();
    let own = rustix::process::getpriority_process(None).unwrap();
    let mut found = Vec::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        // One that ends meanwhile is not looked at.
        let Ok(stat) = std::fs::read_to_string(task.unwrap().path().join("stat")) else { continue };
        let (name, rest) = stat.rsplit_once(") ").unwrap();
        let niceness: i32 = rest.split(' ').nth(16).unwrap().parse().unwrap();
        found.push((name.contains("(password-hash"), niceness));
    }
    assert!(found.contains(&(true, (own + NICENESS).min(19))), "{found:?}");
    assert!(found.iter().all(|(hashes, niceness)| *hashes || *niceness == own), "{found:?}");
}
