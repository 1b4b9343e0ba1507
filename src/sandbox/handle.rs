//! A handle on one tracker of the sandbox: what all of them let a test or the demo do and see.

use std::sync::Arc;

use super::{
    deliver::Sent,
    faults::{Fault, Gate},
    kind::Kind,
    site::Site,
    state::{Request, State, Written},
    world::{Comment, Ticket, TicketKey, World},
};

/// A handle on a tracker; clones share it.
pub struct Handle<K: Kind> {
    pub(super) site: Arc<Site<K>>,
}

impl<K: Kind> Clone for Handle<K> {
    fn clone(&self) -> Self {
        Self { site: self.site.clone() }
    }
}

/// What a client needs to know.
impl<K: Kind> Handle<K> {
    pub(super) fn new(site: Arc<Site<K>>) -> Self {
        Self { site }
    }

    /// Where the REST interface is. Pages have the same host.
    pub fn base_url(&self) -> &str {
        &self.site.base
    }

    /// The token that acts as a person.
    pub fn token_of(&self, login: &str) -> Option<String> {
        self.site.with(|state| state.world.user(login)?.token.clone())
    }
}

/// How deliveries went.
impl<K: Kind> Handle<K> {
    /// The latest deliveries, in the order in which they ended: the last ten thousand.
    pub fn deliveries(&self) -> Vec<Sent> {
        self.site.with(|state| state.deliveries.iter().map(|delivery| delivery.sent.clone()).collect())
    }

    /// Waits until no delivery is on its way.
    pub async fn settled(&self) {
        self.site.until(|state| (state.sending == 0).then_some(())).await;
    }
}

/// What goes wrong, by script.
impl<K: Kind> Handle<K> {
    /// Makes the next request to the endpoint go wrong; several faults are met in the order they were scripted.
    pub fn fail_next(&self, endpoint: K::Endpoint, fault: Fault) -> Gate {
        self.site.with(|state| {
            let (world, faults) = (&state.world, &mut state.faults);
            faults.script(endpoint, fault, world)
        })
    }

    /// Makes the next requests to the endpoint go wrong, this many times.
    pub fn fail_times(&self, endpoint: K::Endpoint, times: usize, fault: &Fault) -> Vec<Gate> {
        (0..times).map(|_| self.fail_next(endpoint, fault.clone())).collect()
    }

    /// How many scripted faults no request has met.
    pub fn faults_left(&self) -> usize {
        self.site.with(|state| state.faults.left())
    }
}

/// What came of it.
impl<K: Kind> Handle<K> {
    /// Waits for the next comment that was written or changed over the interface on this issue, and reads it.
    pub async fn next_comment(&self, issue: &TicketKey) -> Written {
        self.site
            .until(|state| {
                let at = state.unread.iter().position(|written| written.issue == *issue)?;
                state.unread.remove(at)
            })
            .await
    }

    /// What was written over the interface and not read yet.
    pub fn unread(&self) -> Vec<Written> {
        self.site.with(|state| state.unread.iter().cloned().collect())
    }

    /// The comments of an issue, oldest first, those that a fault hides included; none where the issue is gone.
    pub fn comments(&self, issue: &TicketKey) -> Vec<Comment> {
        self.site.with(|state| state.world.ticket(issue).map(|ticket| ticket.comments.clone()).unwrap_or_default())
    }

    /// An issue as it stands.
    pub fn issue(&self, issue: &TicketKey) -> Option<Ticket> {
        self.site.with(|state| state.world.ticket(issue).cloned())
    }

    /// Reads or changes the world without any delivery.
    pub fn world<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        self.site.with(|state| act(&mut state.world))
    }

    /// The latest requests, oldest first: the last ten thousand.
    pub fn requests(&self) -> Vec<Request<K::Endpoint>> {
        self.site.with(|state| state.requests.iter().cloned().collect())
    }

    /// How many requests the endpoint has had since the sandbox started.
    pub fn request_count(&self, endpoint: K::Endpoint) -> usize {
        self.site.with(|state| state.counts.get(&endpoint).copied().unwrap_or(0))
    }

    /// Waits until the endpoint has had this many requests since the sandbox started.
    pub async fn requested(&self, endpoint: K::Endpoint, times: usize) {
        let count = |state: &mut State<K>| state.counts.get(&endpoint).copied().unwrap_or(0);
        self.site.until(|state| (count(state) >= times).then_some(())).await;
    }

    /// Waits for an issue to have a reaction, on itself or on any comment.
    pub async fn reaction(&self, issue: &TicketKey, content: &str) {
        self.site
            .until(|state| {
                let ticket = state.world.ticket(issue)?;
                let all = ticket.comments.iter().map(|comment| &comment.reactions).chain([&ticket.reactions]);
                all.flat_map(|reactions| reactions.keys()).any(|(_, of)| of == content).then_some(())
            })
            .await;
    }
}
