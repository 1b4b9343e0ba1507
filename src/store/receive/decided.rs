//! The rules of receipts, decided in memory.
//!
//! In: receipts in their order, each with what the database knows of it. Out: what each becomes, and the jobs to make,
//! to join and to revive. Never touches the database.

use std::collections::HashMap;

use super::{super::Caps, Reserved, known::Known};
use crate::model::{
    DeliveryId, JobId,
    delivery::{Decision, Receipt, Received, Request, SkipReason},
    job::Work,
};

/// The job that a person's next plan request for a ticket joins. Another person's request never does: whoever may not
/// ask would take the place of whoever may.
#[derive(Clone, Copy)]
enum Waiting {
    /// It was stored before: its place in `joined`.
    Stored(usize),
    /// It is made in this transaction: its place in `jobs`.
    New(usize),
}

/// A stored job whose work is replaced.
pub(super) struct Joined {
    pub job: i64,
    pub fence: i64,
    /// The receipt whose work it takes.
    pub receipt: usize,
}

/// A request that joins a job: its key is kept beside the jobs.
pub(super) struct Asking {
    pub delivery: i64,
    pub receipt: usize,
}

/// A job to make.
pub(super) struct NewRow {
    pub job: i64,
    /// The delivery that asked for it, and that one's receipt.
    pub delivery: i64,
    pub first: usize,
    /// The receipt whose work it takes.
    pub receipt: usize,
}

/// What a group of receipts becomes, receipt by receipt.
pub(super) struct Decided<'a> {
    caps: Caps,
    next: Reserved,
    taken: usize,
    guids: HashMap<(&'a str, &'a str), i64>,
    keys: HashMap<(&'a str, &'a str, &'a str), i64>,
    waiting: HashMap<(&'a str, &'a str, &'a str), Waiting>,
    by_ticket: HashMap<(&'a str, &'a str), u32>,
    by_person: HashMap<(&'a str, &'a str), u32>,
    pub jobs: Vec<NewRow>,
    pub joined: Vec<Joined>,
    pub askings: Vec<Asking>,
    /// Dead jobs to queue again.
    pub revived: Vec<i64>,
}

impl<'a> Decided<'a> {
    /// Starts with the first free numbers.
    pub fn new(caps: Caps, next: Reserved) -> Self {
        Self {
            caps,
            next,
            taken: 0,
            guids: HashMap::new(),
            keys: HashMap::new(),
            waiting: HashMap::new(),
            by_ticket: HashMap::new(),
            by_person: HashMap::new(),
            jobs: Vec::new(),
            joined: Vec::new(),
            askings: Vec::new(),
            revived: Vec::new(),
        }
    }

    /// Decides the next receipt.
    pub fn take(&mut self, receipt: &'a Receipt, known: &Known) -> Received {
        let index = self.taken;
        self.taken += 1;
        let guid = (receipt.connection.as_str(), receipt.guid.as_str());
        if let Some(delivery) = known.delivery.or_else(|| self.guids.get(&guid).copied()) {
            return self.repeat(delivery, known.dead_job);
        }
        let delivery = self.next.delivery;
        self.next.delivery += 1;
        self.guids.insert(guid, delivery);
        let Decision::Run(request) = &receipt.decision else {
            return Received::Stored { delivery: DeliveryId(delivery), job: None };
        };
        if let Some(reason) = self.refusal(request, known) {
            return Received::Skipped { delivery: DeliveryId(delivery), reason };
        }
        self.remember(request, delivery);
        self.place(index, request, known, DeliveryId(delivery))
    }

    fn repeat(&mut self, delivery: i64, dead_job: Option<i64>) -> Received {
        let revived = dead_job.filter(|job| !self.revived.contains(job));
        self.revived.extend(revived);
        Received::Repeated { delivery: DeliveryId(delivery), revived: revived.map(JobId) }
    }

    /// Why the request makes no job after all: its key is known, or a cap is full.
    fn refusal(&self, request: &Request, known: &Known) -> Option<SkipReason> {
        let (ticket, person) = (ticket_of(request), person_of(request));
        let key = (ticket.0, ticket.1, request.semantic_key.as_str());
        if let Some(delivery) = known.asked_in.or_else(|| self.keys.get(&key).copied()) {
            return Some(SkipReason::AlreadyAsked(delivery));
        }
        let full = |cap: u32, stored: u32, here: Option<&u32>| cap > 0 && stored + here.copied().unwrap_or(0) >= cap;
        if full(self.caps.per_ticket, known.of_ticket, self.by_ticket.get(&ticket)) {
            return Some(SkipReason::TicketCap(self.caps.per_ticket));
        }
        full(self.caps.per_person, known.of_person, self.by_person.get(&person))
            .then_some(SkipReason::PersonCap(self.caps.per_person))
    }

    /// Counts an accepted request for those that follow in the group.
    fn remember(&mut self, request: &'a Request, delivery: i64) {
        let ticket = ticket_of(request);
        self.keys.insert((ticket.0, ticket.1, &request.semantic_key), delivery);
        *self.by_ticket.entry(ticket).or_default() += 1;
        *self.by_person.entry(person_of(request)).or_default() += 1;
    }

    /// Joins the person's waiting plan job for the ticket, or makes a job.
    fn place(&mut self, index: usize, request: &'a Request, known: &Known, delivery: DeliveryId) -> Received {
        if matches!(request.work, Work::Plan(_)) {
            if let Some(job) = self.join(index, asking_of(request), known) {
                self.askings.push(Asking { delivery: delivery.0, receipt: index });
                return Received::Coalesced { delivery, job: JobId(job) };
            }
            self.waiting.insert(asking_of(request), Waiting::New(self.jobs.len()));
        }
        let job = self.next.job;
        self.next.job += 1;
        self.jobs.push(NewRow { job, delivery: delivery.0, first: index, receipt: index });
        Received::Stored { delivery, job: Some(JobId(job)) }
    }

    /// Gives the person's waiting plan job for the ticket the receipt's work, if there is such a job.
    fn join(&mut self, index: usize, asking: (&'a str, &'a str, &'a str), known: &Known) -> Option<i64> {
        match (self.waiting.get(&asking), known.waiting) {
            (Some(Waiting::Stored(place)), _) => {
                self.joined[*place].receipt = index;
                Some(self.joined[*place].job)
            }
            (Some(Waiting::New(place)), _) => {
                self.jobs[*place].receipt = index;
                Some(self.jobs[*place].job)
            }
            (None, Some((job, fence))) => {
                self.waiting.insert(asking, Waiting::Stored(self.joined.len()));
                self.joined.push(Joined { job, fence, receipt: index });
                Some(job)
            }
            (None, None) => None,
        }
    }
}

/// The ticket, as maps and rows name it.
pub(super) fn ticket_of(request: &Request) -> (&str, &str) {
    (request.ticket.connection.as_str(), request.ticket.id.as_str())
}

/// The ticket and who asked.
fn asking_of(request: &Request) -> (&str, &str, &str) {
    (request.ticket.connection.as_str(), request.ticket.id.as_str(), request.asked_by.as_str())
}

/// The person who asked, likewise.
pub(super) fn person_of(request: &Request) -> (&str, &str) {
    (request.ticket.connection.as_str(), request.asked_by.as_str())
}
