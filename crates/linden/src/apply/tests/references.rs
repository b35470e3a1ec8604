//! What a file refers to is in the files or in the database, or it is a mistake.

use super::BASE;
use super::engines::{Shop, sqlite};

async fn told(more: &str) -> Vec<String> {
    let shop = sqlite().await;
    let told = shop.refused(&format!("{BASE}{more}")).await;
    assert_eq!(shop.generations().await, (0, 0), "something was written");
    told
}

async fn only(more: &str) -> String {
    let mut told = told(more).await;
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

#[tokio::test]
async fn unknown_names_are_told_with_their_places() {
    let client = "[[client]]\nserver = \"customers\"\nclient_id = \"c\"\nauthentication_methods = [\"none\"]\n\
                  grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}\"]\n";
    let user = "[[user]]\nserver = \"customers\"\nusername = \"anna\"\nemail = \"anna@shop.example\"\n";
    for (more, place, why) in [
        (
            "[[role]]\nserver = \"costumers\"\nname = \"A\"".to_owned(),
            "8:10",
            "there is no authorization server costumers",
        ),
        (
            format!("{client}scopes = [\"openid\", \"USER\"]"),
            "13:21",
            "no [[scope]] of server customers is called USER",
        ),
        (format!("{client}application = \"a\""), "13:15", "no [[application]] of this client's server is called a"),
        (format!("{user}roles = [\"SHOPPER\"]"), "11:10", "no [[role]] of server customers is called SHOPPER"),
        ("[[user]]\nserver = \"customers\"\nusername = \"anna\"".to_owned(), "9:12", "email: a customer needs one"),
        ("[[item_list]]\ntenant = \"ford\"\nname = \"A\"".to_owned(), "8:10", "there is no tenant ford"),
        (
            "[[item_list]]\ntenant = \"fjord\"\nname = \"A\"\napplication = \"a\"".to_owned(),
            "10:15",
            "no [[application]]",
        ),
        (
            "[[account]]\nserver = \"customers\"\nname = \"A\"\n[[account.member]]\nusername = \"eve\"".to_owned(),
            "11:12",
            "no user of server customers is called eve",
        ),
        (
            format!(
                "{user}[[account]]\nserver = \"customers\"\nname = \"A\"\nmember = [{{ username = \"ANNA\", roles = [\"B\"] }}]"
            ),
            "14:41",
            "no [[role]] of server customers is called B",
        ),
        ("[[account]]\nserver = \"customers\"\nname = \"A\"\nparent = \"B\"".to_owned(), "10:10", "no [[account]]"),
        (
            "[[authorization_server]]\nname = \"b\"\ntenant = \"c\"\nissuer = \"https://b.example\"".to_owned(),
            "9:10",
            "there is no tenant c",
        ),
    ] {
        let told = only(&more).await;
        assert!(told.starts_with(&format!("shop.toml:{place}: ")) && told.contains(why), "{more}: {told}");
    }
}

#[tokio::test]
async fn an_application_needs_fitting_clients() {
    let more = r#"[[client]]
server = "customers"
client_id = "public"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["${origin}"]

[[application]]
server = "customers"
name = "storefront"
domains = ["shop.example"]
client = "nobody"
gateway_client = "public"
"#;
    let told = told(more).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("shop.toml:18:10: client: no [[client]] of server customers is called nobody"),
        "{}",
        told[0]
    );
    assert!(
        told[1].starts_with("shop.toml:19:18: gateway_client: public may not use client_credentials"),
        "{}",
        told[1]
    );
}

#[tokio::test]
async fn a_client_that_serves_one_application_cannot_serve_another() {
    let client = |id: &str, rest: &str| {
        format!("[[client]]\nserver = \"customers\"\nclient_id = \"{id}\"\napplication = \"main\"\n{rest}\n")
    };
    let application = |name: &str, more: &str| {
        format!(
            "[[application]]\nserver = \"customers\"\nname = \"{name}\"\ndomains = [\"shop.example\"]\n\
             client = \"public\"\ngateway_client = \"gateway\"\n{more}\n"
        )
    };
    let public =
        "authentication_methods = [\"none\"]\ngrant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}\"]";
    let gateway = "authentication_methods = [\"client_secret_basic\"]\ngrant_types = [\"client_credentials\"]\nsecret = { generate = true }";
    let more = client("public", public) + &client("gateway", gateway) + &application("main", "");
    let told = told(&(more + &application("outlet", "parameter = \"outlet\""))).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("client: public serves another application alone"), "{told:?}");
    assert!(told[1].contains("gateway_client: gateway serves another application alone"), "{told:?}");
}

#[tokio::test]
async fn parents_that_lead_in_a_circle() {
    let told = told(
        "[[account]]\nserver = \"customers\"\nname = \"A\"\nparent = \"B\"\n\
         [[account]]\nserver = \"customers\"\nname = \"B\"\nparent = \"A\"\n",
    )
    .await;
    assert!(told.len() == 2 && told[0].contains("10:10: parent: leads in a circle"), "{told:?}");
}

#[tokio::test]
async fn two_tenants_never_share_an_origin() {
    let other = |issuer: &str| {
        format!(
            "[[tenant]]\nname = \"other\"\n[[authorization_server]]\nname = \"b\"\ntenant = \"other\"\nissuer = \"{issuer}\"\n"
        )
    };
    let told = told(&other("https://shop.example/b")).await;
    assert!(told.iter().any(|told| told.contains("12:10: issuer: is on the origin of customers")), "{told:?}");

    let shop = sqlite().await;
    shop.apply(BASE).await.unwrap();
    let before = shop.generations().await;
    let told = shop.refused(&other("https://shop.example/b")).await;
    assert!(told[0].contains("two tenants never share an origin"), "{told:?}");
    let told = shop.refused(&other("https://shop.example/auth")).await;
    assert!(told[0].contains("belongs to the authorization server customers"), "{told:?}");
    assert_eq!(shop.generations().await, before);
}

#[tokio::test]
async fn a_redirect_does_not_lead_onto_another_tenants_origin() {
    let other = |uri: &str| {
        format!(
            "[[application]]\nserver = \"customers\"\nname = \"north\"\norigin = \"https://north.fjord.example\"\n\
             domain_prefix = \"north\"\n\
             [[tenant]]\nname = \"other\"\n[[authorization_server]]\nname = \"b\"\ntenant = \"other\"\n\
             issuer = \"https://other.example\"\n\
             [[client]]\nserver = \"b\"\nclient_id = \"c\"\nauthentication_methods = [\"none\"]\n\
             grant_types = [\"authorization_code\"]\nredirect_uris = [\"{uri}\"]\n"
        )
    };
    for uri in ["https://shop.example/", "https://north.fjord.example:8443/x"] {
        let told = told(&other(uri)).await;
        assert!(told.len() == 1 && told[0].contains("belongs to another tenant"), "{uri}: {told:?}");
    }
    let shop = sqlite().await;
    for uri in ["https://other.example/", "https://elsewhere.example/", "http://127.0.0.1/"] {
        shop.apply(&format!("{BASE}{}", other(uri))).await.unwrap();
    }
}

#[tokio::test]
async fn a_redirect_does_not_lead_onto_an_origin_that_the_database_gives_another_tenant() {
    let client = |server: &str, uri: &str| {
        format!(
            "[[client]]\nserver = \"{server}\"\nclient_id = \"c\"\nauthentication_methods = [\"none\"]\n\
             grant_types = [\"authorization_code\"]\nredirect_uris = [\"{uri}\"]\n"
        )
    };
    let application = |domain: &str, more: &str| {
        format!(
            "[[application]]\nserver = \"customers\"\nname = \"north\"\norigin = \"https://sign-in.shop.example\"\n\
             domains = [\"{domain}\"]\n{more}"
        )
    };
    let other = |uri: &str| {
        "[[tenant]]\nname = \"other\"\n[[authorization_server]]\nname = \"b\"\ntenant = \"other\"\n\
         issuer = \"https://other.example\"\n"
            .to_owned()
            + &client("b", uri)
    };
    let shop = sqlite().await;
    let first = format!("{BASE}{}", application("fjord.example", "domain_prefix = \"north\"\n"));
    shop.apply(&(first + &client("customers", "https://app.example/back"))).await.unwrap();
    let before = shop.generations().await;
    for uri in [
        "https://north.fjord.example/",
        "https://north.fjord.example:8443/x",
        "https://app.example/elsewhere",
        "https://sign-in.shop.example/",
    ] {
        let told = shop.refused(&other(uri)).await;
        assert!(told.len() == 1 && told[0].contains("belongs to another tenant"), "{uri}: {told:?}");
    }
    assert_eq!(shop.generations().await, before);
    let moved = format!("{}{}", application("fjord.example", ""), client("customers", "http://localhost:3000/"));
    for uri in ["http://localhost:3000/", "https://north.fjord.example/", "https://app.example/"] {
        shop.apply(&(moved.clone() + &other(uri))).await.unwrap();
    }
}

#[tokio::test]
async fn a_later_file_may_refer_to_what_the_database_holds() {
    let shop = sqlite().await;
    let roles =
        "[[role]]\nserver = \"customers\"\nname = \"SHOPPER\"\n[[scope]]\nserver = \"customers\"\nname = \"USER\"\n";
    shop.apply(&format!("{BASE}{roles}")).await.unwrap();
    let user =
        "[[user]]\nserver = \"customers\"\nusername = \"anna\"\nemail = \"anna@shop.example\"\nroles = [\"SHOPPER\"]\n";
    shop.apply(user).await.unwrap();
    shop.apply(
        "[[account]]\nserver = \"customers\"\nname = \"A\"\nmember = [{ username = \"anna\" }]\n\
         [[item_list]]\ntenant = \"fjord\"\nname = \"A\"\n\
         [[client]]\nserver = \"customers\"\nclient_id = \"c\"\nauthentication_methods = [\"none\"]\n\
         grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}\"]\nscopes = [\"USER\"]\n",
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn what_is_fixed_cannot_be_changed() {
    let shop: Shop = sqlite().await;
    shop.apply(BASE).await.unwrap();
    let admin = BASE.to_owned() + "user_type = \"ADMIN\"\n";
    let told = shop.refused(&admin).await;
    assert!(told[0].starts_with("shop.toml:7:13: user_type: is CUSTOMER and cannot be changed"), "{told:?}");
    let moved = "[[tenant]]\nname = \"other\"\n[[authorization_server]]\nname = \"customers\"\ntenant = \"other\"\nissuer = \"https://b.example\"\n";
    let told = shop.refused(moved).await;
    assert!(
        told[0].starts_with("shop.toml:4:8: name: a server of another tenant is called customers already"),
        "{told:?}"
    );
}

#[tokio::test]
async fn users_who_are_no_customers() {
    let admins = "[[authorization_server]]\nname = \"staff\"\ntenant = \"fjord\"\nissuer = \"https://staff.shop.example\"\n\
                  user_type = \"ADMIN\"\n[[user]]\nserver = \"staff\"\nusername = \"carl\"\n";
    let told =
        told(&format!("{admins}customer_context = \"default\"\n[[account]]\nserver = \"staff\"\nname = \"A\"\n")).await;
    assert!(told[0].contains("15:20: customer_context: is for customers alone"), "{told:?}");
    assert!(told[1].contains("17:10: server: the users of staff are no customers"), "{told:?}");
    let shop = sqlite().await;
    shop.apply(&format!("{BASE}{admins}")).await.unwrap();
    let again = shop.apply(&format!("{BASE}{admins}")).await.unwrap().to_string();
    assert!(again.ends_with("nothing was written\n"), "{again}");
}
