//! The test file that comes closest where no test is near: one that asks for a route of the ticket's, by the words of its
//! cases.

use super::super::reading::Reading;
use crate::model::context::{Context, FileClass, NearTest, Symbol, SymbolKind};
use crate::planner::words::terms;

/// The most test files that are compared, and of these the most whose text is searched.
const MOST: usize = 400;
const MOST_READ: usize = 40;

/// For each language the one test file that shares most with the ticket, best first; none that shares hardly anything.
pub fn test(context: &Context, reading: &Reading) -> Vec<NearTest> {
    let wanted = terms(&reading.all);
    let mut roots: Vec<String> = reading.routes.iter().filter_map(|(_, path)| parent(path)).collect();
    roots.sort_by_key(|r| std::cmp::Reverse(r.len()));
    let tests = context.tree.paths().filter(|p| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test));
    let mut found: Vec<(usize, NearTest)> = Vec::new();
    for (at, path) in tests.take(MOST).enumerate() {
        let cases: Vec<Symbol> =
            context.tree.symbols(path).into_iter().filter(|s| s.kind == SymbolKind::Test).take(40).collect();
        let best = cases.iter().map(|c| terms(&c.name).intersection(&wanted).count()).max().unwrap_or_default();
        let text = (at < MOST_READ && !roots.is_empty()).then(|| context.tree.text(path)).flatten();
        let asked = text
            .and_then(|t| roots.iter().find(|r| ["\"", "'", "`", "}"].iter().any(|q| t.contains(&format!("{q}{r}")))));
        let score = best + if asked.is_some() { 4 } else { 0 };
        // Cases that merely share words with the ticket are about other things.
        let Some(root) = asked.filter(|_| !cases.is_empty()) else { continue };
        let why = format!("no test is near; this one asks for `{root}`");
        found.push((score, NearTest { path: path.to_owned(), covers: None, why, cases }));
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, test)| test).collect()
}

/// A route without its last part, as a test would write its beginning: `/admin/orders` for `/admin/orders/export.csv`.
fn parent(path: &str) -> Option<String> {
    let bare = path.split('?').next().unwrap_or(path);
    let fixed: Vec<&str> = bare.split('/').take_while(|p| !p.starts_with([':', '{', '<', '$'])).collect();
    let kept = fixed.len().saturating_sub(usize::from(fixed.len() == bare.split('/').count())).max(2);
    let root = fixed.get(..kept.min(fixed.len()))?.join("/");
    (root.len() >= 4).then_some(root)
}
