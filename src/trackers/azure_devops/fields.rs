//! Field values of work items, which have no type of their own.
//!
//! In: whatever stands in a field. Out: a [`Cell`]: text, a person, a change from one to another, or something that
//! nobody here asks for. Never fails on a type; never keeps what is not asked for.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::person::Person;

/// The value of a field.
#[derive(Clone, Debug, Default)]
pub(super) enum Cell<'a> {
    Text(Cow<'a, str>),
    /// A number or a truth value, as text.
    Plain(String),
    Person(Person<'a>),
    /// In updates: what it was and what it is.
    Change {
        old: Option<Box<Cell<'a>>>,
        new: Option<Box<Cell<'a>>>,
    },
    /// Null, a list, or an object of another kind.
    #[default]
    Nothing,
}

impl<'a> Cell<'a> {
    /// Text as it stands, of the new value where it changed.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Plain(text) => Some(text),
            Self::Person(_) | Self::Nothing => None,
            Self::Change { new, .. } => new.as_ref()?.text(),
        }
    }

    /// Text before the change; `None` where there was none.
    pub(super) fn old_text(&self) -> Option<&str> {
        match self {
            Self::Change { old, .. } => old.as_ref()?.text(),
            _ => None,
        }
    }

    /// The person in it, in whatever form.
    pub(super) fn person(&self) -> Option<Person<'a>> {
        match self {
            Self::Person(person) => Some(person.clone()),
            Self::Text(text) => Some(Person::from_text(text.clone())),
            Self::Change { new, .. } => new.as_ref()?.person(),
            Self::Plain(_) | Self::Nothing => None,
        }
    }
}

/// Tags as a field holds them: `"; "`-separated; a tag may hold spaces.
pub(super) fn tags(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// What stands in `new` and not in `old`; tags are compared without case, as Azure DevOps does.
pub(super) fn added(old: &[String], new: &[String]) -> Vec<String> {
    let known: std::collections::HashSet<String> = old.iter().map(|tag| tag.to_lowercase()).collect();
    new.iter().filter(|tag| !known.contains(&tag.to_lowercase())).cloned().collect()
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cell::Plain(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cell::Plain(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cell::Plain(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Cell::Plain(truth.to_string()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cell::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut person, mut old, mut new) = (Person::default(), None, None);
        let (mut is_person, mut is_change) = (false, false);
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let place = match &*key.0 {
                "oldValue" => {
                    is_change = true;
                    once(&mut old, Box::new(map.next_value()?))?;
                    continue;
                }
                "newValue" => {
                    is_change = true;
                    once(&mut new, Box::new(map.next_value()?))?;
                    continue;
                }
                "id" => &mut person.id,
                "displayName" => &mut person.display_name,
                "name" => &mut person.name,
                "uniqueName" => &mut person.unique_name,
                "descriptor" => &mut person.descriptor,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            is_person = true;
            if let Cell::Text(text) = map.next_value::<Cell<'de>>()? {
                once(place, text)?;
            }
        }
        Ok(match (is_change, is_person) {
            (true, _) => Cell::Change { old, new },
            (false, true) => Cell::Person(person),
            (false, false) => Cell::Nothing,
        })
    }
}

/// Fills a place that must be empty: a doubled key is an attempt to be read in two ways.
fn once<T, E: de::Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("a doubled key")),
    }
}

/// Text that borrows from the payload unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// A number that may come as text; other things are an error.
pub(super) fn lenient_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match Cell::deserialize(deserializer)? {
        Cell::Nothing => Ok(None),
        Cell::Plain(text) => text.parse().map(Some).map_err(|_| D::Error::custom("not a number from 0")),
        _ => Err(D::Error::custom("not a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_type_are_read() {
        let check = |json: &str, text: Option<&str>, person: Option<&str>| {
            let cell: Cell<'_> = serde_json::from_str(json).expect(json);
            assert_eq!(cell.text(), text, "{json}");
            assert_eq!(cell.person().and_then(|p| p.actor()).map(|a| a.id).as_deref(), person, "{json}");
        };
        check(r#""Mira <m@a.test>""#, Some("Mira <m@a.test>"), Some("m@a.test"));
        check(r#""a\u0041""#, Some("aA"), Some("aA"));
        check("7", Some("7"), None);
        check("2.5", Some("2.5"), None);
        check("true", Some("true"), None);
        check("null", None, None);
        check("[1,[2]]", None, None);
        check(r#"{"id":"1","displayName":"Mira","_links":{"avatar":{"href":"x"}}}"#, None, Some("1"));
        check(r#"{"oldValue":"a","newValue":"b"}"#, Some("b"), Some("b"));
        check(r#"{"newValue":{"displayName":"Mira"}}"#, None, Some("Mira"));
        check(r#"{"oldValue":"a"}"#, None, None);
        check("{}", None, None);
    }

    #[test]
    fn a_doubled_key_is_not_read() {
        for json in [r#"{"id":"1","id":"2"}"#, r#"{"newValue":"a","newValue":"b"}"#] {
            assert!(serde_json::from_str::<Cell<'_>>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn tags_hold_spaces_and_differ_without_case() {
        assert_eq!(tags("needs plan; Web ;; é"), ["needs plan", "Web", "é"]);
        assert_eq!(tags(" ; "), Vec::<String>::new());
        let (old, new) = (tags("web; beauty"), tags("Web; needs-plan; beauty"));
        assert_eq!(added(&old, &new), ["needs-plan"]);
        assert_eq!(added(&new, &old), Vec::<String>::new());
    }
}
