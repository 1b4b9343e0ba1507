//! Addresses that may stay in a document.
//!
//! In: an address as a stranger wrote it. Out: the address, where following it can only lead to a page or a mailbox.
//! Never resolves or fetches anything.

/// The address, unless its scheme could act (`javascript:`, `data:`, `vbscript:` …). Relative addresses stay.
pub(crate) fn safe(url: &str) -> Option<String> {
    // Browsers take control characters and spaces out before they look for the scheme (WHATWG URL, 4.4).
    let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    let known = ["http", "https", "mailto"];
    let fine = scheme.is_none_or(|scheme| known.iter().any(|known| known.eq_ignore_ascii_case(scheme)));
    (fine && !url.is_empty()).then_some(url)
}
