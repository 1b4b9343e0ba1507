//! Nouns in the names of files: `orderRepository.ts` holds `order`, `api/waiting_lists.py` many a `waiting_list`.
//!
//! In: paths and words. Out: [`Slot`]s, the places of a path in which a noun stands, and paths with another noun in them.

use super::super::code::path::{ending, folder, stem};
use crate::planner::words::split_case;

/// Names of files that stand in every folder, and words for their role.
const IDLE: &[&str] = &[
    "app",
    "base",
    "client",
    "common",
    "config",
    "constant",
    "context",
    "controller",
    "core",
    "db",
    "dto",
    "entity",
    "error",
    "factory",
    "handler",
    "health",
    "helper",
    "index",
    "init",
    "lib",
    "main",
    "mapper",
    "mod",
    "model",
    "module",
    "repository",
    "resource",
    "route",
    "router",
    "schema",
    "serializer",
    "server",
    "service",
    "setting",
    "setup",
    "spec",
    "store",
    "test",
    "type",
    "util",
    "version",
    "view",
];

/// A noun in its two forms, its words joined by `_`.
pub struct Noun {
    /// `waiting_list`
    pub one: String,
    /// `waiting_lists`
    pub many: String,
    /// “waiting list”, as the ticket says it.
    pub said: String,
}

impl Noun {
    /// The noun of a name in either form.
    pub fn of(name: &str) -> Self {
        let one = singular(name);
        let many = match one.strip_suffix('y') {
            Some(root) if !root.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{root}ies"),
            _ if one.ends_with(['s', 'x', 'z']) || one.ends_with("ch") || one.ends_with("sh") => format!("{one}es"),
            _ => format!("{one}s"),
        };
        Self { one, many, said: name.replace('_', " ") }
    }
}

/// The singular of a noun, in small letters, its words joined by `_`.
pub fn singular(noun: &str) -> String {
    let lower = noun.to_ascii_lowercase().replace('-', "_");
    if let Some(root) = lower.strip_suffix("ies").filter(|root| root.len() >= 3) {
        return format!("{root}y");
    }
    let is_longer = ["xes", "zes", "ches", "shes", "sses", "tuses"].iter().any(|end| lower.ends_with(end));
    if is_longer && lower.len() > 4 {
        return lower[..lower.len() - 2].to_owned();
    }
    let is_plural = lower.len() >= 4 && lower.ends_with('s') && !lower.ends_with("ss") && !lower.ends_with("us");
    if is_plural { lower[..lower.len() - 1].to_owned() } else { lower }
}

/// One or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    One,
    Many,
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Under,
    Dash,
    Camel,
}

/// A place of a path in which a noun stands: its stem is `before`, the noun, `after`.
#[derive(Clone, Debug)]
pub struct Slot<'p> {
    /// In the singular, small letters, words joined by `_`.
    pub noun: String,
    pub form: Form,
    path: &'p str,
    before: &'p str,
    after: &'p str,
    is_capital: bool,
    /// The form in which the last folder is called so too: `orders/orders.service.ts`.
    folder: Option<Form>,
}

/// The places of a path that may hold a noun: the whole stem, and the stem without its last or its first word.
pub fn slots(path: &str) -> Vec<Slot<'_>> {
    let stem = stem(path);
    let words = words(stem);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    let mut ends = vec![(0, stem.len())];
    if words.len() > 1 {
        ends.push((0, last.0));
        ends.push((first.1, stem.len()));
    }
    let slot = |(start, end): (usize, usize)| {
        let marks = ['_', '-'];
        let noun = stem[start..end].trim_matches(marks);
        let offset = noun.as_ptr() as usize - stem.as_ptr() as usize;
        let (before, after) = (&stem[..offset], &stem[offset + noun.len()..]);
        let lower = joined(noun);
        let one = singular(&lower);
        let is_telling = one.len() >= 3 && !IDLE.contains(&one.as_str());
        let home = folder(path).rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let form = if one == lower { Form::One } else { Form::Many };
        let folder = (singular(&home) == one).then(|| if home == one { Form::One } else { Form::Many });
        let is_capital = noun.starts_with(char::is_uppercase);
        is_telling.then_some(Slot { noun: one, form, path, before, after, is_capital, folder })
    };
    ends.into_iter().filter_map(slot).collect()
}

impl<'p> Slot<'p> {
    /// The whole stem of a path, whatever it says: one of its kind.
    pub fn whole(path: &'p str) -> Self {
        let is_capital = stem(path).starts_with(char::is_uppercase);
        Self { noun: String::new(), form: Form::One, path, before: "", after: "", is_capital, folder: None }
    }

    /// What paths with other nouns share.
    pub fn pattern(&self) -> String {
        let folder = match self.folder {
            Some(form) => format!("{}/<{form:?}>", above(folder(self.path))),
            None => folder(self.path).to_owned(),
        };
        let mark = if self.is_capital { "Noun" } else { "noun" };
        format!("{folder}/{}<{mark} {:?}>{}{}", self.before, self.form, self.after, rest(self.path))
    }

    /// The stem of its file.
    pub fn stem(&self) -> &str {
        stem(self.path)
    }

    /// The stem with another noun.
    pub fn stem_for(&self, noun: &Noun) -> String {
        format!("{}{}{}", self.before, self.written(noun, self.joint(std::iter::empty())), self.after)
    }

    /// The path with another noun, its words joined as `siblings` join theirs.
    pub fn filled<'a>(&self, noun: &Noun, path: &str, siblings: impl Iterator<Item = &'a str>) -> String {
        let joint = self.joint(siblings);
        let name = format!("{}{}{}", self.before, self.written(noun, joint), self.after);
        let home = match self.folder {
            Some(form) => format!(
                "{}/{}",
                above(folder(path)),
                in_form(noun, form).replace('_', if joint == Joint::Under { "_" } else { "-" })
            ),
            None => folder(path).to_owned(),
        };
        let home = home.trim_start_matches('/');
        if home.is_empty() { format!("{name}{}", rest(path)) } else { format!("{home}/{name}{}", rest(path)) }
    }

    /// The noun as this slot writes one.
    fn written(&self, noun: &Noun, joint: Joint) -> String {
        let name = in_form(noun, self.form);
        let capital = |word: &str| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        };
        match joint {
            Joint::Under if !self.is_capital => name.to_owned(),
            Joint::Dash if !self.is_capital => name.replace('_', "-"),
            _ => {
                let words = name.split('_').enumerate();
                words
                    .map(|(at, word)| if at > 0 || self.is_capital { capital(word) } else { word.to_owned() })
                    .collect()
            }
        }
    }

    /// How names of this kind join their words: as some sibling does, else as is usual for the language.
    fn joint<'a>(&self, siblings: impl Iterator<Item = &'a str>) -> Joint {
        let seen = joint_of(stem(self.path)).or_else(|| siblings.map(stem).find_map(joint_of));
        seen.unwrap_or(match ending(self.path) {
            "ts" | "tsx" | "js" | "jsx" | "mjs" | "vue" | "svelte" if rest(self.path).matches('.').count() > 1 => {
                Joint::Dash
            }
            "ts" | "tsx" | "js" | "jsx" | "mjs" | "java" | "kt" | "cs" | "php" | "scala" | "swift" => Joint::Camel,
            _ => Joint::Under,
        })
    }
}

/// How a name joins its words, where it has several.
fn joint_of(stem: &str) -> Option<Joint> {
    let is_camel = stem.trim_start_matches(char::is_uppercase).contains(char::is_uppercase);
    match (stem.contains('_'), stem.contains('-'), is_camel) {
        (true, _, _) => Some(Joint::Under),
        (_, true, _) => Some(Joint::Dash),
        (_, _, true) => Some(Joint::Camel),
        _ => None,
    }
}

fn in_form(noun: &Noun, form: Form) -> &str {
    match form {
        Form::One => &noun.one,
        Form::Many => &noun.many,
    }
}

/// The words of a name, by their places.
fn words(stem: &str) -> Vec<(usize, usize)> {
    let place = |part: &str| {
        let start = part.as_ptr() as usize - stem.as_ptr() as usize;
        (start, start + part.len())
    };
    stem.split(['_', '-']).flat_map(split_case).filter(|w| !w.is_empty()).map(place).collect()
}

/// `OrderItem`, `order-item` → `order_item`.
fn joined(name: &str) -> String {
    words(name).into_iter().map(|(start, end)| name[start..end].to_ascii_lowercase()).collect::<Vec<_>>().join("_")
}

fn above(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(above, _)| above)
}

/// What stands behind the stem: `.controller.ts`.
fn rest(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    &name[stem(path).len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_have_two_forms() {
        let check = |name: &str, one: &str, many: &str| {
            let noun = Noun::of(name);
            assert_eq!((noun.one.as_str(), noun.many.as_str()), (one, many), "{name}");
        };
        check("subscriptions", "subscription", "subscriptions");
        check("waiting_list", "waiting_list", "waiting_lists");
        check("categories", "category", "categories");
        check("boxes", "box", "boxes");
        check("purchases", "purchase", "purchases");
        check("address", "address", "addresses");
        check("status", "status", "statuses");
    }

    #[test]
    fn another_noun_takes_the_place_of_one() {
        let check = |path: &str, old: &str, new: &str, expected: &str| {
            let slot = slots(path).into_iter().find(|s| s.noun == old).expect("the noun stands there");
            assert_eq!(slot.filled(&Noun::of(new), path, std::iter::empty()), expected, "{path}");
        };
        check("internal/api/parcels.go", "parcel", "subscriptions", "internal/api/subscriptions.go");
        check("src/repositories/orderRepository.ts", "order", "notices", "src/repositories/noticeRepository.ts");
        check("src/repositories/orderRepository.ts", "order", "gift_cards", "src/repositories/giftCardRepository.ts");
        check("clinic/models/patient.py", "patient", "waiting_list", "clinic/models/waiting_list.py");
        check("tests/api/test_patients.py", "patient", "waiting_list", "tests/api/test_waiting_lists.py");
        check("src/orders/orders.controller.ts", "order", "gift_cards", "src/gift-cards/gift-cards.controller.ts");
        check("app/controllers/orders_controller.rb", "order", "notices", "app/controllers/notices_controller.rb");
        check("shop/owner/OwnerRepository.java", "owner", "visits", "shop/visit/VisitRepository.java");
        check("orders.py", "order", "notices", "notices.py");
    }

    #[test]
    fn words_for_a_role_are_no_nouns() {
        assert!(slots("src/routes/index.ts").is_empty() && slots("api/router.go").is_empty());
        let nouns: Vec<String> = slots("src/orderRepository.ts").into_iter().map(|s| s.noun).collect();
        assert_eq!(nouns, ["order_repository", "order"]);
    }
}
