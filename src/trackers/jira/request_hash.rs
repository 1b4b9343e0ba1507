//! The hash by which a Connect token names the request it is for (`qsh`).
//!
//! In: method, address, the path below which the app lives. Out: SHA-256 in hex of `METHOD&path&query`, each part in its
//! one canonical form. The word `context-qsh`, which stands in tokens for no request at all, is never such a hash.
//! <https://developer.atlassian.com/cloud/bitbucket/query-string-hash/>

use std::collections::BTreeMap;

use http::Uri;
use sha2::{Digest, Sha256};

use super::address::encoded;

/// The hash of a POST to this address; `base` is the path of the app's own base address.
pub(super) fn of_post(target: &Uri, base: &str) -> String {
    let text = format!("POST&{}&{}", path(target.path(), base), query(target.query().unwrap_or_default()));
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The path below the base, without a slash at its end, `/` at least; `&` would part the text and is encoded.
fn path(path: &str, base: &str) -> String {
    let base = base.trim_end_matches('/');
    let below = path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
    let below = below.trim_end_matches('/');
    if below.is_empty() { "/".to_owned() } else { below.replace('&', "%26") }
}

/// The query's fields sorted by name, values of one name sorted and joined by commas; the token itself left out.
fn query(query: &str) -> String {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "jwt") {
        fields.entry(encoded(&name)).or_default().push(encoded(&value));
    }
    let fields = fields.into_iter().map(|(name, mut values)| {
        values.sort();
        format!("{name}={}", values.join(","))
    });
    fields.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_one_form() {
        let check = |given: &str, expected: &str| assert_eq!(query(given), expected, "{given}");
        check("", "");
        check(
            "zee_last=param&repeated=parameter%201&first=param&repeated=parameter%202",
            "first=param&repeated=parameter%201,parameter%202&zee_last=param",
        );
        check("a=b&jwt=x.y.z", "a=b");
        check("a+b=c%20d", "a%20b=c%20d");
        check("tilde=~&star=*", "star=%2A&tilde=~");
        check("a", "a=");
        check("é=%C3%A9", "%C3%A9=%C3%A9");
    }

    #[test]
    fn a_path_starts_below_the_base() {
        let check = |given: &str, base: &str, expected: &str| assert_eq!(path(given, base), expected, "{given} {base}");
        check("/hooks/acme", "", "/hooks/acme");
        check("/hooks/acme/", "/", "/hooks/acme");
        check("/planwright/hooks/acme", "/planwright", "/hooks/acme");
        check("/planwright/hooks/acme", "/planwright/", "/hooks/acme");
        check("/planwrighthooks/acme", "/planwright", "/planwrighthooks/acme");
        check("/hooks/acme", "/planwright", "/hooks/acme");
        check("/planwright", "/planwright", "/");
        check("/hooks/a&b", "", "/hooks/a%26b");
    }

    #[test]
    fn the_text_is_hashed_with_its_method() {
        let expected = hex::encode(Sha256::digest(b"POST&/hooks/acme&a=b"));
        assert_eq!(of_post(&"/hooks/acme?jwt=x&a=b".parse().expect("an address"), ""), expected);
        assert_eq!(of_post(&"https://bot.acme.test/hooks/acme?a=b".parse().expect("an address"), ""), expected);
    }
}
