//! Errors of Rust that are variants of one enumeration, with the status that a `match` gives each: `Self::Invalid(_) =>
//! StatusCode::UNPROCESSABLE_ENTITY`.
//!
//! In: the lines of a file. Out: variants with their statuses. Names of statuses are those of the `http` crate (RFC 9110,
//! section 15).

/// Refusals by name.
const STATUSES: &[(&str, u16)] = &[
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("UNPROCESSABLE_ENTITY", 422),
    ("TOO_MANY_REQUESTS", 429),
];
/// Lines behind an arm's head in which its status may stand.
const BEHIND: usize = 2;

/// A variant with its status.
#[derive(Debug, PartialEq, Eq)]
pub struct Variant {
    pub name: String,
    pub status: u16,
    /// Where it is declared, from 1.
    pub line: u32,
    /// What it says, where that is written out whole.
    pub text: Option<String>,
}

/// The variants to which the lines give a status.
pub fn of(lines: &[&str]) -> Vec<Variant> {
    let mut out: Vec<Variant> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((head, tail)) = line.split_once("=>") else { continue };
        let names: Vec<&str> = head.split('|').filter_map(named).collect();
        let goes_on = tail.trim().is_empty() || tail.trim() == "{";
        let behind = lines[at + 1..].iter().take(if goes_on { BEHIND } else { 0 });
        let Some(status) = std::iter::once(&tail).chain(behind).find_map(|line| status(line)) else { continue };
        for name in names {
            let Some(declared) = declaration(lines, name) else { continue };
            if out.iter().all(|known| known.name != name) {
                let text = declared.checked_sub(1).and_then(|above| words(lines[above]));
                out.push(Variant { name: name.to_owned(), status, line: declared as u32 + 1, text });
            }
        }
    }
    out
}

/// `Invalid` of `Self::Invalid(_)`.
fn named(pattern: &str) -> Option<&str> {
    let behind = pattern.rsplit_once("::")?.1;
    let name = behind.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    name.starts_with(char::is_uppercase).then_some(name)
}

fn status(line: &str) -> Option<u16> {
    let named = line.split_once("StatusCode::")?.1;
    let name = named.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    STATUSES.iter().find(|(known, _)| *known == name).map(|(_, status)| *status)
}

/// The position of the line that declares a variant.
fn declaration(lines: &[&str], name: &str) -> Option<usize> {
    let declares = |line: &&str| {
        let rest = line.trim_start().strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with([',', '(', '{', ' ']) && !rest.contains("=>"))
    };
    lines.iter().position(declares)
}

/// `no such cart` of `#[error("no such cart")]`.
fn words(attribute: &str) -> Option<String> {
    let said = attribute.trim().strip_prefix("#[error(\"")?.strip_suffix("\")]")?;
    (!said.contains(['{', '"']) && said.contains(' ')).then(|| said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_gives_variants_their_statuses() {
        let text = "enum E {\n    #[error(\"sign in first\")]\n    Closed,\n    #[error(\"{0}\")]\n    Bad(String),\n    Full { left: u8 },\n    Broken,\n}\nmatch self {\n    Self::Closed => StatusCode::UNAUTHORIZED,\n    Self::Bad(_) | Self::Full { .. } => {\n        StatusCode::CONFLICT\n    }\n    Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,\n}\n";
        let lines: Vec<&str> = text.lines().collect();
        let found: Vec<(String, u16, u32, Option<String>)> =
            of(&lines).into_iter().map(|v| (v.name, v.status, v.line, v.text)).collect();
        let expected = [
            ("Closed".to_owned(), 401, 3, Some("sign in first".to_owned())),
            ("Bad".to_owned(), 409, 5, None),
            ("Full".to_owned(), 409, 6, None),
        ];
        assert_eq!(found, expected);
    }
}
