use super::objection;

#[test]
fn what_both_engines_do_alike_passes() {
    for text in [
        "SELECT id, label FROM kind WHERE answer AND label = 'I like now() and ->' ORDER BY id LIMIT $1",
        "UPDATE code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING client",
        "INSERT INTO code (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET client = excluded.client",
        "SELECT CAST(sum(amount + (1)) AS BIGINT), CAST($1 AS TEXT) FROM purchase",
        "SELECT known_now, randomness, liked FROM word",
    ] {
        assert_eq!(objection(text), None, "{text}");
    }
}

#[test]
fn what_they_do_differently_is_told() {
    for (text, named) in [
        ("SELECT id FROM kind WHERE label like $1", "LIKE"),
        ("SELECT id FROM kind WHERE lower(label) = $1", "LOWER"),
        ("SELECT id FROM code WHERE id = $1 FOR\n   UPDATE", "FOR UPDATE"),
        ("SELECT id FROM code WHERE id = $1 for share", "SHARE"),
        ("SELECT content->'name' FROM kind", "->"),
        ("SELECT id::text FROM kind", "::"),
        ("UPDATE code SET used_at = now()", "NOW"),
        ("SELECT pg_advisory_xact_lock($1)", "PG_ADVISORY"),
        ("SELECT CAST(CAST(id AS TEXT) AS INTEGER) FROM kind", "INTEGER"),
    ] {
        let told = objection(text).unwrap_or_default();
        assert!(told.contains(named), "{text}: {told}");
    }
}
