//! What the sandbox's GitHub remembers beside the world: tokens, deliveries, faults, requests and what is unread.

use std::{collections::VecDeque, sync::Arc};

use super::{
    auth::Tokens,
    deliver::{Delivery, Draft, Hook},
    endpoint::Endpoint,
    faults::Faults,
};
use crate::sandbox::world::{TicketKey, World};

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub endpoint: Endpoint,
    /// Path and query.
    pub target: String,
}

/// Whether a comment was written or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    Created,
    Edited,
}

/// A comment that came over the interface, as it was written then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub issue: TicketKey,
    pub comment: u64,
    pub author: String,
    pub writing: Writing,
    pub text: String,
}

/// Everything under one lock.
#[derive(Debug)]
pub(super) struct State {
    pub world: World,
    pub tokens: Tokens,
    pub hook: Option<Hook>,
    pub secret: Arc<str>,
    pub deliveries: Vec<Delivery>,
    /// Made and not yet on their way.
    pub outgoing: Vec<Draft>,
    /// On their way.
    pub sending: usize,
    /// How many deliveries were ever made: their ids and GUIDs follow from it.
    pub drafted: u64,
    pub faults: Faults,
    pub requests: Vec<Request>,
    pub unread: VecDeque<Written>,
    /// Requests counted against the hourly limit, and when the hour ends in seconds since 1970.
    pub used: u32,
    pub resets_at: i64,
}

impl State {
    pub fn new(world: World, secret: &str) -> Self {
        Self {
            world,
            tokens: Tokens::default(),
            hook: None,
            secret: secret.into(),
            deliveries: Vec::new(),
            outgoing: Vec::new(),
            sending: 0,
            drafted: 0,
            faults: Faults::default(),
            requests: Vec::new(),
            unread: VecDeque::new(),
            used: 0,
            resets_at: 0,
        }
    }

    /// Remembers a comment that came over the interface, for whoever waits for it.
    pub fn wrote(&mut self, issue: &TicketKey, comment: u64, author: &str, writing: Writing, text: &str) {
        let (issue, author, text) = (issue.clone(), author.to_owned(), text.to_owned());
        self.unread.push_back(Written { issue, comment, author, writing, text });
    }
}
