//! Options of a command line that the ticket names and that are there: where one is read, and where it decides.
//!
//! In: the ticket's words and a group. Out: instructions with both lines. Plain text search, bounded.

use super::{
    super::{
        Survey,
        code::edges::names,
        places::{flags, site::Site},
    },
    group::Group,
};
use crate::{
    model::plan::{Basis, Statement},
    planner::words::{clean, shorten},
    richtext::markdown::code_span,
};

/// The most options that are followed.
const MOST: usize = 4;
/// Lines behind the option's own on which its value may be kept.
const NEAR: usize = 3;

/// Where the options that the ticket names decide.
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Vec<Statement> {
    let mut named: Vec<&str> = Vec::new();
    for flag in flags::named(&survey.reading.told) {
        if named.len() < MOST && !named.contains(&flag) {
            named.push(flag);
        }
    }
    named.into_iter().filter_map(|flag| group.sites.iter().find_map(|site| told(site, flag))).collect()
}

/// Where a file reads the option, and where what it keeps of it decides.
fn told(site: &Site<'_>, flag: &str) -> Option<Statement> {
    let text = site.text.as_deref().filter(|_| site.is_code())?;
    let lines: Vec<&str> = text.lines().collect();
    let (read, kept) = read(&lines, flag)?;
    // What it is kept in may be called otherwise where it decides.
    let decides = decided(&lines, read, &kept).or_else(|| decided(&lines, read, last(&kept)))?;
    let file = |at: usize| site.file().lines(at as u32 + 1, at as u32 + 1);
    let said = format!(
        "{} is read at `{}` and decides at `{}`: {}",
        code_span(flag),
        file(read).label(),
        file(decides).label(),
        code_span(&shorten(&clean(lines[decides].trim().trim_end_matches([' ', '{', ':'])), 90))
    );
    Some(Statement::new(Basis::Repository, said).at(file(read)).at(file(decides)))
}

/// The line that holds the option as a literal, and the name that its value is kept under.
fn read(lines: &[&str], flag: &str) -> Option<(usize, String)> {
    let marks = ['"', '\'', '`'].map(|mark| format!("{mark}{flag}{mark}"));
    let at = lines.iter().position(|line| marks.iter().any(|mark| line.contains(mark.as_str())))?;
    let near = lines[at..].iter().take(NEAR + 1);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = near.flat_map(|line| line.split(|c: char| !(is_part(c) || c == '.')));
    let is_name = |word: &&str| {
        let name = last(word);
        word.starts_with(|c: char| c.is_alphabetic()) && flags::is_called(name, flag) && is_kept(lines, at, name)
    };
    let kept = words.find(is_name)?;
    Some((at, kept.to_owned()))
}

/// `bigkeys` of `config.bigkeys`.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Is the word a name that stands somewhere else, and not only a part of the option's own text?
fn is_kept(lines: &[&str], at: usize, word: &str) -> bool {
    lines.iter().enumerate().any(|(other, line)| other.abs_diff(at) > NEAR && names(line, word))
}

/// The first line that decides by the name.
fn decided(lines: &[&str], read: usize, kept: &str) -> Option<usize> {
    let is_branch = |line: &str| {
        ["if ", "if(", "elif ", "else if", "unless ", "match ", "switch", "while "]
            .iter()
            .any(|w| line.starts_with(w) || line.contains(&format!("}} {w}")))
    };
    (0..lines.len()).find(|at| at.abs_diff(read) > NEAR && is_branch(lines[*at].trim()) && names(lines[*at], kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_followed_from_where_it_is_read_to_where_it_decides() {
        let text = "int parse() {\n    if (!strcmp(argv[i], \"--big-keys\")) {\n        config.bigkeys = 1;\n    }\n}\n\nint main() {\n    if (config.bigkeys) {\n        find();\n    }\n}\n";
        let lines: Vec<&str> = text.lines().collect();
        let (at, kept) = read(&lines, "--big-keys").expect("it is read");
        assert_eq!((at, kept.as_str(), decided(&lines, at, &kept)), (1, "config.bigkeys", Some(7)));
        assert_eq!(read(&lines, "--hot-keys"), None);
    }
}
