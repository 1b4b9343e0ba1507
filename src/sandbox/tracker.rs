//! What every tracker of the sandbox can do, under one set of names: for tests that play one scenario on all of them.
//!
//! In: acts of people, and faults for steps that every client takes. Out: what a client wrote. How a tracker names
//! things stays the tracker's.

mod kinds;

use async_trait::async_trait;

use super::{
    acts::{Commented, Opened},
    deliver::Sent,
    faults::{Fault, Gate},
    handle::Handle,
    kind::Kind,
    state::Written,
    world::{Comment, NewTicket, Ticket, TicketKey, World},
};

/// A step that a client of any tracker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asks who it is.
    Identity,
    GetTicket,
    ListComments,
    CreateComment,
    GetComment,
    EditComment,
    DeleteComment,
    /// Asks what someone may do.
    Permission,
    /// Reacts to a comment.
    Acknowledge,
}

/// What a person does to a ticket.
#[derive(Clone, Copy, Debug)]
pub enum Deed<'a> {
    Label(&'a str),
    Unlabel(&'a str),
    /// Gives it another type.
    Retype(&'a str),
    Retitle(&'a str),
    /// Replaces its description.
    Describe(&'a str),
    /// Replaces its acceptance criteria; a tracker without a field for them has them in the description.
    Accept(&'a str),
    /// Replaces the text of the comment with this id in the world.
    EditComment(u64, &'a str),
    RemoveComment(u64),
    Delete,
}

/// A tracker that names what it has in its own way.
#[async_trait]
pub trait Common: Kind {
    /// `github`, `jira_cloud`, `jira_dc`, `azure_services`, `azure_server`.
    fn name(tracker: &Handle<Self>) -> &'static str;

    /// A project of the demo's and the tests' kind of name: the same project as `acme/shop` is on GitHub.
    fn project(tracker: &Handle<Self>) -> &'static str;

    /// The endpoint of a step; none where the tracker has no such step.
    fn endpoint(tracker: &Handle<Self>, step: Step) -> Option<Self::Endpoint>;

    /// How clients name a ticket.
    fn ticket_id(tracker: &Handle<Self>, ticket: &TicketKey) -> Option<String>;

    /// How clients name a comment that has this id in the world.
    fn comment_id(tracker: &Handle<Self>, ticket: &TicketKey, comment: u64) -> Option<String>;

    /// How clients name a person.
    fn person_id(tracker: &Handle<Self>, login: &str) -> Option<String>;

    /// The login of the bot's account.
    fn bot_login(tracker: &Handle<Self>) -> &'static str;

    /// The address of a ticket's page.
    fn ticket_url(tracker: &Handle<Self>, ticket: &TicketKey) -> String;

    /// The address of a comment on a ticket's page.
    fn comment_url(tracker: &Handle<Self>, ticket: &TicketKey, comment: u64) -> String;

    /// Sends deliveries to this address, or nowhere.
    fn set_hook(tracker: &Handle<Self>, url: Option<&str>);

    /// Opens a ticket.
    async fn open(tracker: &Handle<Self>, project: &str, new: NewTicket, by: &str) -> Opened;

    /// Comments on a ticket.
    async fn comment(tracker: &Handle<Self>, ticket: &TicketKey, body: &str, by: &str) -> Commented;

    /// Does something to a ticket.
    async fn act(tracker: &Handle<Self>, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent>;

    /// Sends again what the tracker sends again by itself.
    async fn retry_failed(tracker: &Handle<Self>) -> Vec<Sent>;
}

/// Any tracker of the sandbox.
///
/// # Panics
/// Acts panic when what they name is not in the world, and [`SandboxTracker::fail_next`] when the tracker has no such
/// step: tests act on what they made.
#[async_trait]
pub trait SandboxTracker: Send + Sync {
    /// `github`, `jira_cloud`, `jira_dc`, `azure_services`, `azure_server`.
    fn name(&self) -> &'static str;
    /// A project's name that suits the tracker: `acme/shop`, `SHOP`, `Shop`.
    fn project(&self) -> &'static str;
    /// Where the REST interface is.
    fn base_url(&self) -> &str;
    /// The token that acts as a person, or as the bot's account.
    fn token_of(&self, login: &str) -> Option<String>;
    /// The login of the bot's account.
    fn bot_login(&self) -> &'static str;
    /// How clients name a ticket: `acme/shop#7`, an issue's id, a work item's number.
    fn ticket_id(&self, ticket: &TicketKey) -> Option<String>;
    /// How clients name a comment that has this id in the world.
    fn comment_id(&self, ticket: &TicketKey, comment: u64) -> Option<String>;
    /// How clients name a person.
    fn person_id(&self, login: &str) -> Option<String>;
    /// The address of a ticket's page.
    fn ticket_url(&self, ticket: &TicketKey) -> String;
    /// The address of a comment on a ticket's page.
    fn comment_url(&self, ticket: &TicketKey, comment: u64) -> String;
    /// Sends deliveries to this address, or nowhere.
    fn set_hook(&self, url: Option<&str>);
    /// The latest deliveries, in the order in which they ended.
    fn deliveries(&self) -> Vec<Sent>;
    /// Waits until no delivery is on its way.
    async fn settled(&self);
    /// Sends again what the tracker sends again by itself; GitHub sends nothing again.
    async fn retry_failed(&self) -> Vec<Sent>;

    /// Opens a ticket.
    async fn open(&self, project: &str, new: NewTicket, by: &str) -> Opened;
    /// Puts a label, or a tag, on a ticket.
    async fn label(&self, ticket: &TicketKey, label: &str, by: &str) -> Vec<Sent>;
    /// Comments on a ticket, with plain text as people type it there.
    async fn comment(&self, ticket: &TicketKey, body: &str, by: &str) -> Commented;
    /// Does something to a ticket.
    async fn act(&self, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent>;

    /// Makes the next request of this step go wrong.
    fn fail_next(&self, step: Step, fault: Fault) -> Gate;
    /// Makes the next requests of this step go wrong, this many times.
    fn fail_times(&self, step: Step, times: usize, fault: &Fault) -> Vec<Gate>;
    /// How many scripted faults no request has met.
    fn faults_left(&self) -> usize;
    /// How many requests of this step there were.
    fn request_count(&self, step: Step) -> usize;
    /// Waits until there were this many.
    async fn requested(&self, step: Step, times: usize);

    /// Waits for the next comment that was written or changed over the interface on this ticket, and reads it.
    async fn next_comment(&self, ticket: &TicketKey) -> Written;
    /// What was written over the interface and not read yet.
    fn unread(&self) -> Vec<Written>;
    /// The comments of a ticket, oldest first.
    fn comments(&self, ticket: &TicketKey) -> Vec<Comment>;
    /// A ticket as it stands.
    fn ticket(&self, ticket: &TicketKey) -> Option<Ticket>;
    /// Reads or changes the world without any delivery.
    fn world(&self, act: &mut dyn FnMut(&mut World));
}

#[async_trait]
impl<K: Common> SandboxTracker for Handle<K> {
    fn name(&self) -> &'static str {
        K::name(self)
    }

    fn project(&self) -> &'static str {
        K::project(self)
    }

    fn base_url(&self) -> &str {
        Self::base_url(self)
    }

    fn token_of(&self, login: &str) -> Option<String> {
        Self::token_of(self, login)
    }

    fn bot_login(&self) -> &'static str {
        K::bot_login(self)
    }

    fn ticket_id(&self, ticket: &TicketKey) -> Option<String> {
        K::ticket_id(self, ticket)
    }

    fn comment_id(&self, ticket: &TicketKey, comment: u64) -> Option<String> {
        K::comment_id(self, ticket, comment)
    }

    fn person_id(&self, login: &str) -> Option<String> {
        K::person_id(self, login)
    }

    fn ticket_url(&self, ticket: &TicketKey) -> String {
        K::ticket_url(self, ticket)
    }

    fn comment_url(&self, ticket: &TicketKey, comment: u64) -> String {
        K::comment_url(self, ticket, comment)
    }

    fn set_hook(&self, url: Option<&str>) {
        K::set_hook(self, url);
    }

    fn deliveries(&self) -> Vec<Sent> {
        Self::deliveries(self)
    }

    async fn settled(&self) {
        Self::settled(self).await;
    }

    async fn retry_failed(&self) -> Vec<Sent> {
        K::retry_failed(self).await
    }

    async fn open(&self, project: &str, new: NewTicket, by: &str) -> Opened {
        K::open(self, project, new, by).await
    }

    async fn label(&self, ticket: &TicketKey, label: &str, by: &str) -> Vec<Sent> {
        K::act(self, ticket, Deed::Label(label), by).await
    }

    async fn comment(&self, ticket: &TicketKey, body: &str, by: &str) -> Commented {
        K::comment(self, ticket, body, by).await
    }

    async fn act(&self, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent> {
        K::act(self, ticket, deed, by).await
    }

    fn fail_next(&self, step: Step, fault: Fault) -> Gate {
        let endpoint = K::endpoint(self, step).unwrap_or_else(|| panic!("{} has no {step:?}", K::name(self)));
        Self::fail_next(self, endpoint, fault)
    }

    fn fail_times(&self, step: Step, times: usize, fault: &Fault) -> Vec<Gate> {
        (0..times).map(|_| SandboxTracker::fail_next(self, step, fault.clone())).collect()
    }

    fn faults_left(&self) -> usize {
        Self::faults_left(self)
    }

    fn request_count(&self, step: Step) -> usize {
        K::endpoint(self, step).map_or(0, |endpoint| Self::request_count(self, endpoint))
    }

    async fn requested(&self, step: Step, times: usize) {
        let endpoint = K::endpoint(self, step).unwrap_or_else(|| panic!("{} has no {step:?}", K::name(self)));
        Self::requested(self, endpoint, times).await;
    }

    async fn next_comment(&self, ticket: &TicketKey) -> Written {
        Self::next_comment(self, ticket).await
    }

    fn unread(&self) -> Vec<Written> {
        Self::unread(self)
    }

    fn comments(&self, ticket: &TicketKey) -> Vec<Comment> {
        Self::comments(self, ticket)
    }

    fn ticket(&self, ticket: &TicketKey) -> Option<Ticket> {
        self.issue(ticket)
    }

    fn world(&self, act: &mut dyn FnMut(&mut World)) {
        Self::world(self, |world| act(world));
    }
}
