//! What the sandbox's GitHub remembers beside the world: tokens, deliveries, faults, requests and what is unread.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{
    auth::Tokens,
    deliver::{Delivery, Draft, Hook},
    endpoint::Endpoint,
    faults::Faults,
    pages,
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

/// How many requests and deliveries are remembered: a demo may stay up for days.
const KEPT: usize = 10_000;

/// Everything under one lock.
#[derive(Debug)]
pub(super) struct State {
    pub world: World,
    pub tokens: Tokens,
    pub hook: Option<Hook>,
    pub secret: Arc<str>,
    /// The latest, in the order in which they ended.
    pub deliveries: VecDeque<Delivery>,
    /// Made and not yet on their way.
    pub outgoing: Vec<Draft>,
    /// On their way.
    pub sending: usize,
    /// How many deliveries were ever made: their ids and GUIDs follow from it.
    pub drafted: u64,
    pub faults: Faults,
    /// The latest, oldest first.
    pub requests: VecDeque<Request>,
    /// How many requests each endpoint has had.
    pub counts: BTreeMap<Endpoint, usize>,
    pub unread: VecDeque<Written>,
    /// Requests counted against the hourly limit, and when the hour ends in seconds since 1970.
    pub used: u32,
    pub resets_at: i64,
    /// Markdown to HTML, for the pages.
    pub render: fn(&str) -> String,
}

impl State {
    pub fn new(world: World, secret: &str) -> Self {
        Self {
            world,
            tokens: Tokens::default(),
            hook: None,
            secret: secret.into(),
            deliveries: VecDeque::new(),
            outgoing: Vec::new(),
            sending: 0,
            drafted: 0,
            faults: Faults::default(),
            requests: VecDeque::new(),
            counts: BTreeMap::new(),
            unread: VecDeque::new(),
            used: 0,
            resets_at: 0,
            render: pages::source,
        }
    }

    /// Counts and remembers a request.
    pub fn note(&mut self, request: Request) {
        *self.counts.entry(request.endpoint).or_insert(0) += 1;
        keep(&mut self.requests, request);
    }

    /// How many requests there were.
    pub fn served(&self) -> usize {
        self.counts.values().sum()
    }

    /// Remembers a delivery that ended.
    pub fn sent(&mut self, delivery: Delivery) {
        self.sending -= 1;
        keep(&mut self.deliveries, delivery);
    }

    /// Remembers a comment that came over the interface, for whoever waits for it.
    pub fn wrote(&mut self, issue: &TicketKey, comment: u64, author: &str, writing: Writing, text: &str) {
        let (issue, author, text) = (issue.clone(), author.to_owned(), text.to_owned());
        self.unread.push_back(Written { issue, comment, author, writing, text });
    }
}

fn keep<T>(kept: &mut VecDeque<T>, new: T) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(new);
}
