//! A request to an endpoint, its parts taken apart.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use super::world::World;

/// A request to an endpoint of a tracker.
#[derive(Debug)]
pub struct Call<E> {
    pub endpoint: E,
    pub method: Method,
    pub uri: Uri,
    /// What stands for the braces of the endpoint's path, decoded.
    pub params: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The world to list from, where a fault makes listings stale.
    pub stale: Option<Box<World>>,
}

impl<E> Call<E> {
    /// A part of the path; empty where the endpoint has none of that name.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A header's value; empty where it is missing or no text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
