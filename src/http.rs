//! Outgoing HTTP: one kind of client, capped bodies, no redirects.
//!
//! In: limits. Out: a client, and bodies no longer than asked for. Never follows a redirect (so credentials never
//! reach another host), never sends a request twice.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use url::{Host, Url};

/// What sends requests; clones share their connections.
pub type Client = reqwest::Client;

/// How this program names itself to servers.
const USER_AGENT: &str = concat!("planwright/", env!("CARGO_PKG_VERSION"));

/// The limits of a client.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// For name lookup, connection and TLS handshake together.
    pub connect_timeout: Duration,
    /// From the first byte out to the last byte in.
    pub deadline: Duration,
    /// Past any proxy that the environment names (`HTTPS_PROXY` …): for servers on this machine.
    pub is_direct: bool,
}

/// A client within these limits. Idle connections are kept for 60 s, a few for each host.
#[allow(clippy::disallowed_methods, reason = "this is the home of clients")]
pub fn client(options: Options) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder();
    let builder = if options.is_direct { builder.no_proxy() } else { builder };
    builder
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .timeout(options.deadline)
        .pool_idle_timeout(Duration::from_secs(60))
        .pool_max_idle_per_host(8)
        .build()
}

/// Why a body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the response is longer than {0} bytes")]
    TooLong(usize),
    #[error("the response broke off: {0}")]
    Broken(#[from] reqwest::Error),
}

/// Reads a body of at most `limit` bytes, counted after decompression. Stops at the first byte too many.
pub async fn read_capped(mut response: reqwest::Response, limit: usize) -> Result<Bytes, ReadError> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(ReadError::TooLong(limit));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > limit - body.len() {
            return Err(ReadError::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The innermost cause in plain words; the address is configured and need not be repeated.
pub fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return if error.is_connect() { "no connection in time".to_owned() } else { "no answer in time".to_owned() };
    }
    let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A base address without a slash at its end. `None` unless it is `https`, or `http` on this machine, and holds neither
/// user nor password, query or fragment.
pub fn base_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    let secure = url.scheme() == "https" || url.scheme() == "http" && loopback;
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    (secure && bare).then(|| url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_https_or_loopback() {
        let check =
            |address: &str, expected: Option<&str>| assert_eq!(base_address(address).as_deref(), expected, "{address}");
        check("https://api.github.com", Some("https://api.github.com"));
        check("https://git.acme.test/api/v3/", Some("https://git.acme.test/api/v3"));
        check("http://127.0.0.1:8080/github", Some("http://127.0.0.1:8080/github"));
        check("http://[::1]:8080", Some("http://[::1]:8080"));
        check("http://localhost:1", Some("http://localhost:1"));
        check("http://api.github.com", None);
        check("http://127.0.0.1.acme.test", None);
        check("https://user:word@git.acme.test", None);
        check("https://git.acme.test/?x=1", None);
        check("ftp://git.acme.test", None);
        check("git.acme.test", None);
        check("", None);
    }
}
