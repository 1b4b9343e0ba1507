//! Addresses of tickets, as people copy them.
//!
//! In: a configured base and an address. Out: what stands below the base. An address is compared and taken apart, never
//! fetched: what is asked for afterwards is built from the base.

use url::Url;

/// An address below a base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    /// The parts of the path below the base's own, percent-decoded, empty ones left out.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
}

impl Below {
    /// The first value of a query's name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parts of the path.
    pub fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// What of an address stands below a base; `None` for an address of anywhere else.
pub fn below(base: &str, address: &str) -> Option<Below> {
    let (base, address) = (Url::parse(base).ok()?, Url::parse(address.trim()).ok()?);
    let has_login = !address.username().is_empty() || address.password().is_some();
    let is_here = base.scheme() == address.scheme()
        && base.host() == address.host()
        && base.port_or_known_default() == address.port_or_known_default();
    if !is_here || has_login {
        return None;
    }
    let mut path = parts(&address);
    let own = parts(&base);
    if path.len() < own.len() || path.iter().zip(&own).any(|(part, own)| part != own) {
        return None;
    }
    let path = path.split_off(own.len());
    let query = address.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
    Some(Below { path, query: query.collect() })
}

/// The parts of a path, percent-decoded, empty ones left out.
fn parts(url: &Url) -> Vec<String> {
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    parts.map(decoded).collect()
}

/// Text with its percent signs read; as it is where they do not read.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *byte == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(read) => {
                bytes.push(read);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_below_the_base_is_taken() {
        let check = |base: &str, address: &str, expected: Option<&[&str]>| {
            let found = below(base, address);
            assert_eq!(found.as_ref().map(Below::parts).as_deref(), expected, "{base} {address}");
        };
        let github = "https://github.com";
        check(github, "https://github.com/acme/shop/issues/7#issuecomment-1", Some(&["acme", "shop", "issues", "7"]));
        check(github, "https://GitHub.com:443/acme//shop/issues/7/", Some(&["acme", "shop", "issues", "7"]));
        check(github, "http://github.com/acme/shop/issues/7", None);
        check(github, "https://github.com.evil.test/acme/shop/issues/7", None);
        check(github, "https://github.com@evil.test/acme/shop/issues/7", None);
        check(github, "https://me:word@github.com/acme/shop/issues/7", None);
        check(github, "https://github.com:8443/acme/shop/issues/7", None);
        check(github, "file:///etc/passwd", None);
        check(github, "acme/shop#7", None);
        let jira = "https://tools.acme.test/jira";
        check(jira, "https://tools.acme.test/jira/browse/SHOP-7", Some(&["browse", "SHOP-7"]));
        check(jira, "https://tools.acme.test/browse/SHOP-7", None);
        check(jira, "https://tools.acme.test/jira/../browse/SHOP-7", None);
        let azure = "https://dev.azure.com/acme";
        check(
            azure,
            "https://dev.azure.com/acme/Acme%20Shop/_workitems/edit/7",
            Some(&["Acme Shop", "_workitems", "edit", "7"]),
        );
        check(azure, "https://dev.azure.com/other/Shop/_workitems/edit/7", None);
    }

    #[test]
    fn queries_are_read_by_name() {
        let found = below("https://acme.atlassian.net", "https://acme.atlassian.net/boards/1?a=b&selectedIssue=SHOP-7");
        assert_eq!(found.expect("below").value("selectedIssue"), Some("SHOP-7"));
    }
}
