//! Resources of Rails: `resources :carts do … end` puts what stands in it below `/carts/:cart_id`.
//!
//! In: a line that begins a block, or a route. Out: what the block is for its lines, and on which side of the id a route
//! stands. What an option says in other words than a literal is told by nothing here.
//! <https://guides.rubyonrails.org/routing.html#nested-resources>

use std::sync::LazyLock;

use regex::Regex;

use super::scopes::{Items, Part, Step};

/// How names end in the plural and in the singular; the first that fits counts. As Rails has it, shortened
/// (<https://github.com/rails/rails/blob/main/activesupport/lib/active_support/inflections.rb>).
const SINGULAR: &[(&str, &str)] = &[
    ("people", "person"),
    ("children", "child"),
    ("news", "news"),
    ("series", "series"),
    ("species", "species"),
    ("media", "medium"),
    ("data", "datum"),
    ("criteria", "criterium"),
    ("movies", "movie"),
    ("analyses", "analysis"),
    ("databases", "database"),
    ("statuses", "status"),
    ("aliases", "alias"),
    ("buses", "bus"),
    ("indices", "index"),
    ("shoes", "shoe"),
    ("oes", "o"),
    ("ies", "y"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("sses", "ss"),
    ("ss", "ss"),
    ("status", "status"),
    ("s", ""),
];

/// What the block that a line begins is; nothing, where it is no resource's.
pub fn part(line: &str) -> Option<Part> {
    static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*(?<kind>resources?)\s*\(?\s*[:"'](?<name>\w+)["']?(?<options>[^#]*?)\bdo\b"#)
            .expect("a constant pattern")
    });
    match line.split_whitespace().next()? {
        "member" => return Some(Part::Step(Step::Member)),
        "collection" => return Some(Part::Step(Step::Collection)),
        _ => {}
    }
    let groups = BLOCK.captures(line)?;
    let (name, options) = (&groups["name"], &groups["options"]);
    // Several resources share the block, or its paths are cut short.
    let is_clear = !options.contains("shallow") && !names_another(options);
    let option = |key, otherwise: &str| option(options, key, otherwise);
    let (path, alias, id) = (option("path", name), option("as", name), option("param", "id"));
    let (Some(path), Some(alias), Some(id), true) = (path, alias, id, is_clear) else { return Some(Part::Below(None)) };
    Some(match &groups["kind"] {
        "resource" => Part::Below(Some(path)),
        _ => Part::Items(Items { path, of_one: format!(":{}_{id}", singular(&alias)), id: format!(":{id}") }),
    })
}

/// Where a route says that it stands.
pub fn step(line: &str) -> Step {
    static ON: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bon(?::|\s*=>)\s*:(member|collection)\b").expect("a constant pattern"));
    match ON.captures(line).map(|groups| groups[1].len()) {
        Some(6) => Step::Member,
        Some(_) => Step::Collection,
        None => Step::Below,
    }
}

/// An option's literal, or what is meant without it; nothing where it is no literal.
fn option(options: &str, key: &str, otherwise: &str) -> Option<String> {
    let said = options.split([',', '(']).map(str::trim).find_map(|option| {
        let value = option.trim_start_matches(':').strip_prefix(key)?.trim_start();
        Some(value.strip_prefix(':').or_else(|| value.strip_prefix("=>"))?.trim())
    });
    let Some(said) = said else { return Some(otherwise.to_owned()) };
    let value = said.trim_end_matches([')', ' ']);
    let value = value.strip_prefix(':').or_else(|| value.trim_end_matches(['"', '\'']).strip_prefix(['"', '\'']))?;
    value.chars().all(|c| c.is_alphanumeric() || "_-/".contains(c)).then(|| value.to_owned())
}

/// Does another name follow the first: `, :lines, only: :show`?
fn names_another(options: &str) -> bool {
    let second = options.trim_start().strip_prefix(',').map(|rest| rest.split(',').next().unwrap_or_default().trim());
    second.is_some_and(|second| second.starts_with([':', '"', '\'']) && !second.contains("=>"))
}

fn singular(name: &str) -> String {
    let ending = SINGULAR.iter().find_map(|(plural, singular)| Some((name.strip_suffix(plural)?, singular)));
    ending.map_or_else(|| name.to_owned(), |(stem, singular)| format!("{stem}{singular}"))
}
