//! Lists that come in pages.
//!
//! In: a path and a query. Out: one page and the query of the next. Of GitHub's `Link` header only the query is taken:
//! the host and path stay ours.
//! <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use ::http::{HeaderMap, header::LINK};
use serde::de::DeserializeOwned;

use super::call::{Api, Request, Speaker};
use crate::trackers::{TrackerError, verdict::Kind};

/// The longest query that is believed, in bytes.
const QUERY_LIMIT: usize = 2_000;

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// The query of the next page.
    pub(super) next: Option<String>,
}

impl Api {
    /// Reads one page.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        call: &'static str,
        speaker: Speaker<'_>,
        path: &str,
        query: &str,
    ) -> Result<Page<T>, TrackerError> {
        let answer = self.call(call, speaker, Request::get(format!("{path}?{query}"))).await?;
        Ok(Page { items: answer.json(Kind::Read)?, next: next_query(&answer.headers) })
    }
}

/// The query of `rel="next"` (RFC 8288).
fn next_query(headers: &HeaderMap) -> Option<String> {
    let links = headers.get(LINK)?.to_str().ok()?;
    let next = links.split(',').find(|link| link.split(';').skip(1).any(|part| part.trim() == r#"rel="next""#))?;
    let address = next.trim().strip_prefix('<')?.split('>').next()?;
    let (_, query) = address.split_once('?')?;
    let plain = query.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'<' | b'>' | b'"' | b'\\'));
    (plain && query.len() <= QUERY_LIMIT).then(|| query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_query_of_the_next_page_is_taken() {
        let check = |link: &str, expected: Option<&str>| {
            let headers = HeaderMap::from_iter([(LINK, link.parse().expect("a header value"))]);
            assert_eq!(next_query(&headers).as_deref(), expected, "{link}");
        };
        check(
            r#"<https://h/x?per_page=2&page=3>; rel="next", <https://h/x?page=9>; rel="last""#,
            Some("per_page=2&page=3"),
        );
        check(
            r#"<https://h/x?page=1>; rel="prev", <https://evil/y?cursor=v1_2%3D>; rel="next""#,
            Some("cursor=v1_2%3D"),
        );
        check(r#"<https://h/x?page=9>; rel="last""#, None);
        check(r#"<https://h/x>; rel="next""#, None);
        check(r#"<https://h/x?a b>; rel="next""#, None);
        check(r#"rel="next""#, None);
        check("", None);
    }
}
