use test_kit::one_owner::OneOwner;

const RULE: OneOwner<'_> = OneOwner { column: "tenant_id", tables_without: &["generation"] };

#[test]
fn what_keeps_to_one_owner_is_let_through() {
    for statement in [
        "SELECT name FROM customer WHERE tenant_id = $1 AND (name = $2 OR name = $3)",
        "SELECT a.name FROM member m JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.id WHERE m.tenant_id = $1",
        "DELETE FROM event WHERE tenant_id = $1 AND id IN (SELECT id FROM event WHERE tenant_id = $1 AND at < $2 LIMIT 200)",
        "UPDATE list SET items = items + 1 WHERE $1 = tenant_id AND id = $2 RETURNING items",
        "INSERT INTO list (tenant_id, id) VALUES ($1, $2), ($1, $3) ON CONFLICT (tenant_id, id) DO UPDATE SET id = $3",
        "INSERT INTO list (id, tenant_id) SELECT $2, $1 WHERE NOT EXISTS (SELECT 1 FROM list WHERE tenant_id = $1)",
        "UPDATE generation SET value = value + 1 WHERE name = 'commerce'",
    ] {
        assert_eq!(RULE.objection(statement), None, "{statement}");
    }
}

#[test]
fn what_may_touch_two_owners_is_objected_to() {
    for (statement, objection) in [
        ("SELECT name FROM customer", "customer is not bound"),
        ("SELECT name FROM customer WHERE tenant_id = $1 OR name = $2", "customer is not bound"),
        ("SELECT name FROM customer WHERE tenant_id > $1", "customer is not bound"),
        ("SELECT name FROM customer WHERE NOT (tenant_id = $1)", "customer is not bound"),
        ("SELECT name FROM customer WHERE tenant_id IN ($1, $2)", "customer is not bound"),
        ("SELECT a.name FROM member m JOIN account a ON a.id = m.id WHERE m.tenant_id = $1", "account is not bound"),
        ("SELECT a.id FROM generation g JOIN account a ON a.tenant_id = g.tenant_id", "account is not bound"),
        ("SELECT a.id FROM account a LEFT JOIN member m ON a.tenant_id = $1 AND m.tenant_id = $1", "no inner join"),
        ("SELECT a.id FROM account a, account b WHERE a.tenant_id = $1 AND b.tenant_id = $2", "owners $1 and $2"),
        ("SELECT id FROM account WHERE tenant_id = $1 AND id IN (SELECT id FROM member)", "member is not bound"),
        ("SELECT id FROM account WHERE tenant_id = $1 UNION SELECT id FROM member", "member is not bound"),
        ("WITH all_of AS (SELECT id FROM member) SELECT id FROM account WHERE tenant_id = $1", "member is not bound"),
        ("SELECT (SELECT count(*) FROM member) FROM account WHERE tenant_id = $1", "member is not bound"),
        ("UPDATE account SET tenant_id = $2 WHERE tenant_id = $1", "gives the row to another"),
        ("UPDATE account SET id = $2 FROM member WHERE account.tenant_id = $1", "it is none of"),
        ("DELETE FROM account USING member WHERE account.tenant_id = $1", "it is none of"),
        ("INSERT INTO list (id) VALUES ($1)", "a new row without"),
        ("INSERT INTO list (tenant_id, id) VALUES ($1, $2), ($3, $4)", "owners $1 and $3"),
        ("INSERT INTO list (tenant_id, id) SELECT tenant_id, id FROM list WHERE tenant_id = $1", "no parameter"),
        ("INSERT INTO list (tenant_id, id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", "a key without"),
        ("TRUNCATE list", "it is none of"),
    ] {
        let found = RULE.objection(statement).unwrap_or_default();
        assert!(found.contains(objection), "{statement}: {found:?}");
    }
}
