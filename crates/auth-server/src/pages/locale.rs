//! The languages that the pages speak, and which of them a browser gets.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::{CharacterDirection, LanguageIdentifier};

/// What a browser gets when it asks for nothing that there is.
const FALLBACK: &str = "en";

/// Wishes beyond these are not looked at.
const MOST_WISHES: usize = 20;

/// `locales/<BCP 47 tag>/*.ftl`
#[derive(rust_embed::Embed)]
#[folder = "locales"]
struct Files;

/// One language of the pages, with all of its texts.
#[derive(Clone, Copy)]
pub struct Locale(&'static Language);

pub(super) struct Language {
    id: LanguageIdentifier,
    tag: String,
    bundle: FluentBundle<FluentResource>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(load);

impl Locale {
    /// The best language for someone. `ui_locales` (OpenID Connect Core §3.1.2.1, tags by preference, separated by blanks) is
    /// the client's word about this request and comes before `accept_language` (RFC 9110 §12.5.4), the browser's in general.
    pub fn negotiate(ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        let asked = ui_locales.unwrap_or_default().split_ascii_whitespace().take(MOST_WISHES);
        let accepted = accepted_languages(accept_language.unwrap_or_default());
        asked.chain(accepted).filter_map(language_of_tag).find_map(|wish| best_for(&wish)).unwrap_or_default()
    }

    /// The tags of all languages there are.
    pub fn tags() -> Vec<&'static str> {
        LANGUAGES.iter().map(|language| language.tag.as_str()).collect()
    }

    /// The BCP 47 tag: for `<html lang>` and `Content-Language`.
    pub fn tag(self) -> &'static str {
        &self.0.tag
    }

    /// For `<html dir>`: `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        match self.0.id.character_direction() {
            CharacterDirection::RTL => "rtl",
            CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
        }
    }

    /// The text of a message, or of its attribute when `id` is `message.attribute`.
    pub(super) fn text(self, id: &str) -> String {
        self.text_with(id, &[])
    }

    /// The text with values filled in. Values lose their invisible controls, as Fluent's own isolation of them is off:
    /// its marks would end up in titles and copied text.
    pub(super) fn text_with(self, id: &str, values: &[(&'static str, &str)]) -> String {
        let (message, attribute) = id.split_once('.').map_or((id, None), |(message, name)| (message, Some(name)));
        let bundle = &self.0.bundle;
        let pattern = bundle.get_message(message).and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            debug_assert!(false, "locale {} has no text {id}", self.tag());
            return id.to_owned();
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(*name, super::visible::visible(value).into_owned());
        }
        let mut problems = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut problems).into_owned();
        debug_assert!(problems.is_empty(), "text {id} in locale {}: {problems:?}", self.tag());
        text
    }

    /// A document's title: what the page is, then whose.
    pub(super) fn title(self, heading: &str, shop_name: &str) -> String {
        self.text_with("layout-title", &[("heading", heading), ("shop", shop_name)])
    }

    /// The title of a document that tells of a mistake, so that the first thing a screen reader says is that.
    pub(super) fn error_title(self, title: &str) -> String {
        self.text_with("layout-error-title", &[("title", title)])
    }

    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }
}

/// English.
impl Default for Locale {
    #[expect(clippy::expect_used, reason = "the texts are part of the program, and a test loads them")]
    fn default() -> Self {
        Self(LANGUAGES.iter().find(|language| language.tag == FALLBACK).expect("the English texts are there"))
    }
}

impl PartialEq for Locale {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Locale {}

impl fmt::Debug for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Locale({})", self.tag())
    }
}

/// The tags of an `Accept-Language` header, the weightiest first; those of weight 0 are refused and left out.
fn accepted_languages(header: &str) -> impl Iterator<Item = &str> {
    let mut weighed: Vec<(&str, f32)> = header
        .split(',')
        .take(MOST_WISHES)
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let tag = parts.next()?;
            let weight = match parts.find_map(|parameter| parameter.strip_prefix("q=").or(parameter.strip_prefix("Q=")))
            {
                Some(weight) => weight.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?,
                None => 1.0,
            };
            (weight > 0.0).then_some((tag, weight))
        })
        .collect();
    weighed.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    weighed.into_iter().map(|(tag, _)| tag)
}

/// The language of a tag; subtags that say more than language, script, region and variant are dropped (RFC 4647 §3.4).
fn language_of_tag(tag: &str) -> Option<LanguageIdentifier> {
    std::iter::successors(Some(tag), |tag| tag.rsplit_once('-').map(|(shorter, _)| shorter))
        .find_map(|tag| tag.parse::<LanguageIdentifier>().ok())
        .filter(|id| !id.language.is_empty())
}

/// The very language that is wished for, or else one that differs in region only.
fn best_for(wish: &LanguageIdentifier) -> Option<Locale> {
    let anywhere = LanguageIdentifier::from_parts(wish.language, wish.script, None, &[]);
    let exact = LANGUAGES.iter().find(|language| language.id == *wish);
    exact.or_else(|| LANGUAGES.iter().find(|language| language.id.matches(&anywhere, true, true))).map(Locale)
}

/// Reads each folder as one language.
#[expect(clippy::expect_used, clippy::panic, reason = "the texts are part of the program, and a test loads them")]
fn load() -> Vec<Language> {
    let mut folders: BTreeMap<String, Vec<FluentResource>> = BTreeMap::new();
    for path in Files::iter() {
        let (tag, _) = path.split_once('/').expect("texts lie in the folder of their language");
        let file = Files::get(&path).expect("a listed file is there");
        let text = String::from_utf8(file.data.into_owned()).expect("texts are UTF-8");
        let resource = FluentResource::try_new(text).unwrap_or_else(|(_, mistakes)| panic!("{path}: {mistakes:?}"));
        folders.entry(tag.to_owned()).or_default().push(resource);
    }
    folders.into_iter().map(|(tag, resources)| language(tag, resources)).collect()
}

#[expect(clippy::expect_used, clippy::panic, reason = "the texts are part of the program, and a test loads them")]
fn language(tag: String, resources: Vec<FluentResource>) -> Language {
    let id: LanguageIdentifier = tag.parse().expect("a folder of texts is named by a language tag");
    let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
    bundle.set_use_isolating(false);
    for resource in resources {
        bundle.add_resource(resource).unwrap_or_else(|mistakes| panic!("texts of {tag}: {mistakes:?}"));
    }
    Language { id, tag, bundle }
}

#[cfg(test)]
mod tests {
    use super::{Locale, accepted_languages, language_of_tag};

    #[test]
    fn weights_order_what_a_browser_accepts() {
        let order = |header| accepted_languages(header).collect::<Vec<_>>();
        assert_eq!(order("da, en-GB;q=0.8, en;q=0.9"), ["da", "en", "en-GB"]);
        assert_eq!(order("de;q=0.5,fr ; q=0.5"), ["de", "fr"]);
        assert_eq!(order("de;q=0, fr;q=2, it;q=x, en;q=NaN, es;Q=1"), ["es"]);
        assert_eq!(order(&"de,".repeat(10_000)).len(), super::MOST_WISHES);
    }

    #[test]
    fn tags_are_cut_to_what_names_a_language() {
        let language = |tag| language_of_tag(tag).map(|id| id.to_string());
        assert_eq!(language("en-GB").as_deref(), Some("en-GB"));
        assert_eq!(language("de-AT-u-co-phonebk").as_deref(), Some("de-AT"));
        assert_eq!(language("*"), None);
        assert_eq!(language("und"), None);
        assert_eq!(language(""), None);
        assert_eq!(language("\u{202e}"), None);
    }

    #[test]
    fn english_is_for_those_who_ask_for_it_and_for_all_who_ask_for_nothing_known() {
        for (asked, accepted) in [
            (None, None),
            (Some("en-GB"), Some("de")),
            (Some("tlh"), Some("en;q=0.1, tlh")),
            (Some("\u{0} ;;"), Some(",,;q=,*")),
        ] {
            assert_eq!(Locale::negotiate(asked, accepted).tag(), "en");
        }
        assert_eq!(Locale::default().direction(), "ltr");
    }

    #[test]
    fn the_clients_wish_comes_before_the_browsers() {
        for (asked, accepted) in [
            (Some("de"), Some("en")),
            (Some("tlh de-CH en"), None),
            (Some("tlh"), Some("de-AT, en;q=0.9")),
            (None, Some("fr, de;q=0.8, en;q=0.7")),
        ] {
            assert_eq!(Locale::negotiate(asked, accepted).tag(), "de", "{asked:?} {accepted:?}");
        }
    }
}
