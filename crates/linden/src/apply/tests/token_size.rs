use super::BASE;
use super::engines::sqlite;

fn rights(count: usize) -> String {
    let permissions: Vec<String> = (0..count).map(|number| format!("\"ALL_SOME_ROOT_{number}\"")).collect();
    let roots: Vec<String> = (0..count).map(|number| format!("\"SOME_ROOT_{number}\"")).collect();
    format!(
        "[[scope]]\nserver = \"customers\"\nname = \"ALL\"\npermission_roots = [{}]\n\
         [[role]]\nserver = \"customers\"\nname = \"EVERYTHING\"\npermissions = [{}]\n",
        roots.join(", "),
        permissions.join(", ")
    )
}

const CLIENT: &str = "[[client]]\nserver = \"customers\"\nclient_id = \"storefront\"\nauthentication_methods = [\"none\"]\n\
                      grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}\"]\nscopes = [\"ALL\"]\n";

#[tokio::test]
async fn a_token_that_could_grow_beyond_four_kilobytes_is_refused() {
    let shop = sqlite().await;
    let told = shop.refused(&format!("{BASE}{}{CLIENT}", rights(60))).await;
    assert!(told[0].starts_with("shop.toml:17:13: an access token of client storefront can grow to "), "{told:?}");
    assert_eq!(shop.generations().await, (0, 0));
    shop.apply(&format!("{BASE}{}{CLIENT}", rights(10))).await.unwrap();
    // The client is in the database only; the role that makes its tokens too large is what is told.
    let told = shop.refused(&rights(60)).await;
    assert!(told[0].starts_with("shop.toml:1:1: an access token of client storefront"), "{told:?}");
}

#[tokio::test]
async fn a_clients_own_permissions_count() {
    let shop = sqlite().await;
    let permissions: Vec<String> = (0..60).map(|number| format!("\"ALL_SOME_ROOT_{number}\"")).collect();
    let client = format!(
        "[[client]]\nserver = \"customers\"\nclient_id = \"robot\"\nauthentication_methods = [\"client_secret_basic\"]\n\
         grant_types = [\"client_credentials\"]\nsecret = {{ generate = true }}\npermissions = [{}]\n",
        permissions.join(", ")
    );
    let told = shop.refused(&format!("{BASE}{client}")).await;
    assert!(told[0].contains("an access token of client robot can grow to "), "{told:?}");
}
