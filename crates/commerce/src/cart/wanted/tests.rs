use proptest::prelude::*;

use super::*;

fn list(number: usize) -> ItemList {
    let mut id = [0; 16];
    id[15] = u8::try_from(number).unwrap();
    ItemList {
        id: ItemListId::from_bytes(id),
        name: format!("list {number:03}"),
        visibility: "PRIVATE".to_owned(),
        items: Vec::new(),
        created_at: 0,
        updated_at: 0,
    }
}

/// The store's part: what follows a position, no more than may be looked at.
fn read(total: usize, after: Option<&Position>) -> Vec<ItemList> {
    let begin = after.cloned().unwrap_or_default();
    let follows = |list: &ItemList| (list.name.as_str(), list.id) > (begin.name.as_str(), begin.id);
    (0..total).map(list).filter(follows).take(usize::try_from(MOST_LOOKED_AT).unwrap()).collect()
}

fn all_pages(total: usize, limit: usize, query: Option<&Query>) -> (Vec<String>, usize) {
    let mut wanted = Wanted { query: query.cloned(), limit, after: None };
    let (mut names, mut pages) = (Vec::new(), 0);
    loop {
        let (page, end) = wanted.of(read(total, wanted.after.as_ref()));
        assert!(page.len() <= limit);
        pages += 1;
        names.extend(page.into_iter().map(|list| list.name));
        match end {
            Some(position) => wanted.after = Some(Position::from_bytes(&position).unwrap()),
            None => return (names, pages),
        }
    }
}

#[test]
fn a_stretch_that_was_cut_goes_on_with_a_cursor() {
    let query = Query::parse("name=='list 240'").unwrap();
    assert_eq!(all_pages(250, 10, Some(&query)), (vec!["list 240".to_owned()], 2));
}

#[test]
fn a_full_last_page_has_no_cursor() {
    assert_eq!(all_pages(20, 10, None).1, 2);
    assert_eq!(all_pages(0, 10, None).1, 1);
}

#[test]
fn what_is_no_position_is_none() {
    assert_eq!(Position::from_bytes(&[1; 15]), None);
    assert_eq!(Position::from_bytes(&[0xff; 17]), None);
}

proptest! {
    #[test]
    fn pages_together_are_the_whole_once(total in 0..250usize, limit in 1..60usize, kept in prop::collection::vec(0..250usize, 1..9)) {
        let names: Vec<String> = kept.iter().map(|number| format!("'list {number:03}'")).collect();
        let query = Query::parse(&format!("name=out=({})", names.join(","))).unwrap();
        let expected: Vec<String> = (0..total).filter(|number| !kept.contains(number)).map(|number| list(number).name).collect();
        prop_assert_eq!(all_pages(total, limit, Some(&query)).0, expected);
    }

    #[test]
    fn positions_come_back(name in ".{0,20}", id: [u8; 16]) {
        let position = Position { name, id: ItemListId::from_bytes(id) };
        prop_assert_eq!(Position::from_bytes(&position.bytes()), Some(position));
    }
}
