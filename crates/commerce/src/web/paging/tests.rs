use proptest::prelude::*;

use super::*;

fn cursor_of(listing: &Listing, position: &[u8]) -> String {
    let paging = Paging { limit: 1, after: None, listing: listing.clone() };
    paging.answer(Page { content: vec![()], end: Some(position.to_vec()) }).cursor.unwrap()
}

#[test]
fn a_cursor_fits_its_own_listing_alone() {
    let listing = Listing::new("lists").with(b"anna").with(b"name=='a'");
    let cursor = cursor_of(&listing, b"here");
    assert_eq!(opened(&listing, &cursor).unwrap(), b"here");
    for other in [
        Listing::new("lists").with(b"ben").with(b"name=='a'"),
        Listing::new("lists").with(b"anna").with(b"name=='b'"),
        Listing::new("lists").with(b"annan").with(b"ame=='a'"),
        Listing::new("items").with(b"anna").with(b"name=='a'"),
        Listing::new("lists").with(b"anna"),
    ] {
        assert_eq!(opened(&other, &cursor), None);
    }
}

#[test]
fn a_changed_cursor_is_none() {
    let listing = Listing::new("lists");
    let cursor = cursor_of(&listing, b"here");
    for place in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        assert_eq!(opened(&listing, std::str::from_utf8(&changed).unwrap()), None, "{place}");
    }
    for wrong in ["", "A", "AAAA", &cursor[1..], &cursor[..cursor.len() - 1], &format!("{cursor}A"), &"A".repeat(5_000)]
    {
        assert_eq!(opened(&listing, wrong), None, "{wrong}");
    }
}

#[test]
fn a_limit_is_a_whole_number_in_its_bounds() {
    assert_eq!(limit("1", 100).unwrap(), 1);
    assert_eq!(limit("100", 100).unwrap(), 100);
    for wrong in ["0", "101", "-1", "+1", "1.0", "1e2", "ten", "٣", "99999999999999999999999", "0x1"] {
        assert!(limit(wrong, 100).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_position_comes_back(position: Vec<u8>) {
        let listing = Listing::new("lists");
        let cursor = cursor_of(&listing, &position);
        if cursor.len() <= LONGEST_CURSOR {
            prop_assert_eq!(opened(&listing, &cursor), Some(position));
        }
    }

    #[test]
    fn no_cursor_makes_it_panic(text in ".{0,60}") {
        prop_assert_eq!(opened(&Listing::new("lists"), &text), None);
    }
}
