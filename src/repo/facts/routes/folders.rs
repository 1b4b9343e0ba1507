//! Routes that a file's place declares.

use super::Route;

/// Routes of Next.js by folder: `app/a/route.ts`, `pages/api/a.ts`.
pub fn route(path: &str, text: &str) -> Option<Route> {
    let path_of = |marker: &str| {
        let at = if path.starts_with(marker) { 0 } else { path.find(&format!("/{marker}"))? + 1 };
        Some(&path[at + marker.len()..])
    };
    let stem = |path: &str| path.rsplit_once('.').map_or(path.to_owned(), |(stem, _)| stem.to_owned());
    let route = match path_of("pages/api/") {
        Some(rest) => format!("/api/{}", stem(rest).trim_end_matches("index").trim_end_matches('/')),
        None => {
            let rest = stem(path_of("app/")?);
            let folder = rest.strip_suffix("/route").or_else(|| rest.strip_suffix("/page"))?;
            format!("/{folder}")
        }
    };
    text.contains("export").then(|| Route { method: String::new(), path: route, line: 1, place: None })
}
