//! The parts of a repository that a title names in front of its colon.
//!
//! In: a query and an index. Out: source files whose path holds such a part, folder by folder, with how much that says:
//! more when the part ends the path, less when it is a word of the file's name or when many files hold it.

use super::{
    super::{index::Index, query::Query, tokens},
    paths::{folder, squeezed, stem},
};
use crate::model::context::FileClass;

/// How much a part says that names a folder, or a word of the file's name, and not the file.
const FOLDER: f64 = 0.7;

/// Every source file that a part of the title names, once for each part.
pub fn scopes(query: &Query, index: &Index) -> Vec<(usize, f64)> {
    if query.scopes.is_empty() {
        return Vec::new();
    }
    let sources = index.files.iter().enumerate().filter(|(_, file)| file.class == FileClass::Source);
    let paths: Vec<(usize, Path)> = sources.map(|(number, file)| (number, Path::of(&file.path))).collect();
    let mut all = Vec::new();
    for scope in &query.scopes {
        let wanted: Vec<String> = scope.split('/').map(squeezed).filter(|part| !part.is_empty()).collect();
        let found: Vec<(usize, f64)> =
            paths.iter().filter_map(|(number, path)| Some((*number, path.fit(&wanted)?))).collect();
        let rare = 1.0 - (1.0 + found.len() as f64).ln() / (1.0 + paths.len() as f64).ln();
        all.extend(found.into_iter().map(|(number, value)| (number, value * rare)));
    }
    all
}

/// What a title can name of a path.
struct Path {
    /// The folders and the stem, squeezed.
    parts: Vec<String>,
    /// The words of the stem, in lower case: `linux` and `core` of `linux-core.c`.
    words: Vec<String>,
}

impl Path {
    fn of(path: &str) -> Self {
        let parts = folder(path).split('/').chain([stem(path)]).map(squeezed).collect();
        let mut words = Vec::new();
        tokens::identifiers(stem(path)).for_each(|run| tokens::split(run, |word| words.push(word.to_lowercase())));
        Self { parts, words }
    }

    /// How well it holds the wanted parts in a row.
    fn fit(&self, wanted: &[String]) -> Option<f64> {
        let [first, rest @ ..] = wanted else { return None };
        match self.parts.windows(wanted.len()).rposition(|window| window == wanted) {
            Some(at) if at + wanted.len() == self.parts.len() => Some(1.0),
            Some(_) => Some(FOLDER),
            None => (rest.is_empty() && self.words.contains(first)).then_some(FOLDER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_itself_says_more_than_its_folder() {
        let wanted = |scope: &str| scope.split('/').map(squeezed).collect::<Vec<_>>();
        let of = |path: &str, scope: &str| Path::of(path).fit(&wanted(scope));
        assert_eq!(of("src/win/fs-event.c", "fsevent"), Some(1.0));
        assert_eq!(of("src/win/fs-event.c", "win"), Some(FOLDER));
        assert_eq!(of("packages/acme/cart/src/total.ts", "acme/cart"), Some(FOLDER));
        assert_eq!(of("packages/acme/shop/cart.ts", "acme/cart"), None);
        assert_eq!((of("src/unix/linux-core.c", "linux"), of("src/unix/linuxcore.c", "linux")), (Some(FOLDER), None));
    }
}
