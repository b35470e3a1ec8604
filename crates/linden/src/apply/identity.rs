//! Ids of what a file declares by name: the same on every machine and at every time, so that a file finds again what it
//! made. SHA-256 over `linden:{kind}:{owner's id}/{name}` (for a tenant, which has no owner, `linden:tenant:{name}`), of
//! which the first 16 bytes count, the very first bit cleared. Users and customers are not named so: theirs are random.

use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, ItemListId, ItemListItemId, ServerId, TenantId};
use aws_lc_rs::digest::{SHA256, digest};

fn derived(text: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(&SHA256, text.as_bytes()).as_ref()[..16]);
    bytes[0] &= 0x7f;
    bytes
}

pub fn tenant(name: &str) -> TenantId {
    TenantId::from_bytes(derived(&format!("linden:tenant:{name}")))
}

pub fn server(tenant: TenantId, name: &str) -> ServerId {
    ServerId::from_bytes(derived(&format!("linden:authorization_server:{tenant}/{name}")))
}

pub fn application(tenant: TenantId, name: &str) -> ApplicationId {
    ApplicationId::from_bytes(derived(&format!("linden:application:{tenant}/{name}")))
}

pub fn customer_context(tenant: TenantId, name: &str) -> CustomerContextId {
    CustomerContextId::from_bytes(derived(&format!("linden:customer_context:{tenant}/{name}")))
}

pub fn account(tenant: TenantId, name: &str) -> AccountId {
    AccountId::from_bytes(derived(&format!("linden:account:{tenant}/{name}")))
}

pub fn item_list(tenant: TenantId, name: &str) -> ItemListId {
    ItemListId::from_bytes(derived(&format!("linden:item_list:{tenant}/{name}")))
}

pub fn item(list: ItemListId, product_id: &str) -> ItemListItemId {
    ItemListItemId::from_bytes(derived(&format!("linden:item:{list}/{product_id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever changes these orphans every deployment's data.
    #[test]
    fn ids_never_change() {
        let fjord = tenant("fjord");
        assert_eq!(fjord.to_string(), "3FGN74GTEHMBNRSHEK6FTE03CA");
        assert_eq!(server(fjord, "customers").to_string(), "1YWHKZEPYV1C0CSS6MN8DG6K6W");
        assert_eq!(application(fjord, "storefront").to_string(), "251NHKXVKQ6H8776M0PHQSPK42");
        assert_eq!(customer_context(fjord, "default").to_string(), "0KPGVCY9R35ZHF1ZDN2BF8T268");
        assert_eq!(account(fjord, "Fjord Supplies").to_string(), "15B7CSZ4HTR5S3VG58B35F78JP");
        let list = item_list(fjord, "A slow morning");
        assert_eq!(list.to_string(), "2XYNYXH7577DSTGFCZSAV1PMGH");
        assert_eq!(item(list, "enamel-mug").to_string(), "0N47NMRMA33T2Q8YWH847AA498");
    }
}
