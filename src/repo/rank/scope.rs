//! The parts of a repository that a title names in front of its colon.
//!
//! In: a query and an index. Out: source files whose path holds such a part, folder by folder, with how much that says:
//! more when the part ends the path, less when many files hold it.

use super::{
    super::{index::Index, query::Query},
    paths::{folder, squeezed, stem},
};
use crate::model::context::FileClass;

/// How much a part says that names a folder and not the file.
const FOLDER: f64 = 0.7;

/// Every source file that a part of the title names, once for each part.
pub fn scopes(query: &Query, index: &Index) -> Vec<(usize, f64)> {
    if query.scopes.is_empty() {
        return Vec::new();
    }
    let sources = index.files.iter().enumerate().filter(|(_, file)| file.class == FileClass::Source);
    let paths: Vec<(usize, Vec<String>)> = sources.map(|(number, file)| (number, parts(&file.path))).collect();
    let mut all = Vec::new();
    for scope in &query.scopes {
        let wanted: Vec<String> = scope.split('/').map(squeezed).filter(|part| !part.is_empty()).collect();
        let found: Vec<(usize, f64)> =
            paths.iter().filter_map(|(number, parts)| Some((*number, fit(parts, &wanted)?))).collect();
        let rare = 1.0 - (1.0 + found.len() as f64).ln() / (1.0 + paths.len() as f64).ln();
        all.extend(found.into_iter().map(|(number, value)| (number, value * rare)));
    }
    all
}

/// The folders and the stem of a path, squeezed.
fn parts(path: &str) -> Vec<String> {
    folder(path).split('/').chain([stem(path)]).map(squeezed).collect()
}

/// How well a path holds the wanted parts in a row.
fn fit(parts: &[String], wanted: &[String]) -> Option<f64> {
    if wanted.is_empty() {
        return None;
    }
    let at = parts.windows(wanted.len()).rposition(|window| window == wanted)?;
    Some(if at + wanted.len() == parts.len() { 1.0 } else { FOLDER })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_itself_says_more_than_its_folder() {
        let wanted = |scope: &str| scope.split('/').map(squeezed).collect::<Vec<_>>();
        let of = |path: &str, scope: &str| fit(&parts(path), &wanted(scope));
        assert_eq!(of("src/win/fs-event.c", "fsevent"), Some(1.0));
        assert_eq!(of("src/win/fs-event.c", "win"), Some(FOLDER));
        assert_eq!(of("packages/acme/cart/src/total.ts", "acme/cart"), Some(FOLDER));
        assert_eq!(of("packages/acme/shop/cart.ts", "acme/cart"), None);
    }
}
