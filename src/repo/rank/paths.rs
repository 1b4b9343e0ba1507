//! What paths say: stems, folders, subjects of tests, and paths as tickets write them.
//!
//! In: paths. Out: parts of them, or the files of an index that they mean.

use super::super::index::Index;

/// Files whose path is, or ends in, a written path; absolute paths match by their longest end.
pub fn ending_in(index: &Index, written: &str) -> Vec<usize> {
    let parts: Vec<&str> =
        written.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..").collect();
    for skip in 0..parts.len() {
        let tail = parts[skip..].join("/");
        if skip > 0 && parts.len() - skip < 2 && !written.starts_with('/') && parts.len() > 2 {
            break;
        }
        let ends =
            |path: &str| path.strip_suffix(tail.as_str()).is_some_and(|head| head.is_empty() || head.ends_with('/'));
        let found: Vec<usize> = (0..index.files.len()).filter(|file| ends(&index.files[*file].path)).take(40).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The file name without its extensions; the folder's name for files that stand for their folder.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or(name);
    match stem {
        "mod" | "index" | "__init__" | "lib" | "main" => {
            let folder = folder(path);
            let folder = folder.strip_suffix("/src").unwrap_or(folder);
            Some(folder.rsplit('/').next().unwrap_or(folder)).filter(|f| !f.is_empty() && *f != "src").unwrap_or(stem)
        }
        _ => stem,
    }
}

/// The folder of a path, empty for the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `Cart_Total` and `cartTotal` are one.
pub fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a test is about, by its name: `test_cart`, `CartTests`, `cart.spec`.
pub fn test_subject(stem: &str) -> &str {
    let stem = ["test_", "test-", "tests_"].iter().find_map(|start| stem.strip_prefix(start)).unwrap_or(stem);
    // `testsemanal` is about `semanal`; `tests` and `testing` are about nothing.
    let glued = stem.strip_prefix("test").filter(|rest| rest.len() >= 4 && !rest.starts_with("ing"));
    let stem = glued.filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase())).unwrap_or(stem);
    ["_test", "_tests", "_spec", "-test", "-spec", "Tests", "Test", "Spec", "IT", "_unittest"]
        .iter()
        .find_map(|end| stem.strip_suffix(end))
        .filter(|head| !head.is_empty())
        .unwrap_or(stem)
}
