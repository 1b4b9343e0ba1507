//! What every tracker of the sandbox remembers beside the world: deliveries, faults, requests and what is unread.

use std::collections::{BTreeMap, VecDeque};

use super::{
    deliver::{Delivery, Draft},
    faults::Faults,
    kind::Kind,
    world::{TicketKey, World},
};

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<E> {
    pub endpoint: E,
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
    /// The ticket that it stands on.
    pub issue: TicketKey,
    /// The comment's id in the world.
    pub comment: u64,
    pub author: String,
    pub writing: Writing,
    /// As people would type it: Markdown, wiki markup or HTML.
    pub text: String,
}

/// How many requests and deliveries are remembered: a demo may stay up for days.
const KEPT: usize = 10_000;

/// Everything of a tracker under one lock.
#[derive(Debug)]
pub struct State<K: Kind> {
    /// The world that all trackers show, while this state is locked.
    pub world: World,
    /// What only this tracker remembers.
    pub own: K::Own,
    /// The latest, in the order in which they ended.
    pub deliveries: VecDeque<Delivery>,
    /// Made and not yet on their way.
    pub outgoing: Vec<Draft>,
    /// On their way.
    pub sending: usize,
    /// How many deliveries were ever made: their ids follow from it.
    pub drafted: u64,
    pub faults: Faults<K::Endpoint>,
    /// The latest, oldest first.
    pub requests: VecDeque<Request<K::Endpoint>>,
    /// How many requests each endpoint has had.
    pub counts: BTreeMap<K::Endpoint, usize>,
    pub unread: VecDeque<Written>,
}

impl<K: Kind> State<K> {
    /// A state without any past; `elsewhere` stands in for the world while it is not lent.
    pub fn new(elsewhere: World, own: K::Own) -> Self {
        Self {
            world: elsewhere,
            own,
            deliveries: VecDeque::new(),
            outgoing: Vec::new(),
            sending: 0,
            drafted: 0,
            faults: Faults::default(),
            requests: VecDeque::new(),
            counts: BTreeMap::new(),
            unread: VecDeque::new(),
        }
    }

    /// Counts and remembers a request.
    pub fn note(&mut self, request: Request<K::Endpoint>) {
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
