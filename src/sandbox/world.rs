//! The world that the sandbox's trackers show: people, projects, tickets and comments.
//!
//! In: people and projects of a test or of the demo, then acts. Out: the state that every answer and every payload is
//! derived from. Knows no tracker's JSON, and never touches disk or network. Ids count upwards and times come from the
//! clock, so that equal acts at equal times make equal worlds.

mod acts;
mod nouns;

use std::{collections::BTreeMap, fmt, sync::Arc};

pub use nouns::{
    Absence, Attachment, Comment, Label, Link, NewTicket, Project, Reactions, Role, Ticket, TicketKey, User,
};

use crate::clock::Clock;

/// The kinds of things that have ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    User,
    Project,
    Label,
    Ticket,
    Comment,
    Reaction,
    Link,
    Attachment,
}

impl Kind {
    /// Where counting begins: the size that such ids have on GitHub today, past 32 bits where they are.
    fn first(self) -> u64 {
        match self {
            Self::User => 104_250_011,
            Self::Project => 812_400_017,
            Self::Label => 6_910_300_101,
            Self::Ticket => 3_250_800_201,
            Self::Comment => 3_310_500_301,
            Self::Reaction => 290_100_401,
            Self::Link => 10_301,
            Self::Attachment => 10_501,
        }
    }
}

/// Everything there is.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
    users: BTreeMap<String, User>,
    projects: BTreeMap<String, Project>,
    tickets: BTreeMap<TicketKey, Ticket>,
    absent: BTreeMap<TicketKey, Absence>,
    used: BTreeMap<Kind, u64>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("projects", &self.projects.len()).field("tickets", &self.tickets.len()).finish()
    }
}

/// Building the world.
impl World {
    /// An empty world whose times come from this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            users: BTreeMap::new(),
            projects: BTreeMap::new(),
            tickets: BTreeMap::new(),
            absent: BTreeMap::new(),
            used: BTreeMap::new(),
        }
    }

    /// An empty world with the same clock.
    pub(super) fn emptied(&self) -> Self {
        Self::new(self.clock.clone())
    }

    /// Adds a person. The person's token is `token-of-LOGIN`.
    pub fn add_person(&mut self, login: &str, name: &str) {
        self.add_user(login, name, false);
    }

    /// Adds a program: GitHub logins of programs end in `[bot]`.
    pub fn add_bot(&mut self, login: &str, name: &str) {
        self.add_user(login, name, true);
    }

    fn add_user(&mut self, login: &str, name: &str, is_bot: bool) {
        let id = self.next_id(Kind::User);
        let token = (!is_bot).then(|| format!("token-of-{login}"));
        let user = User { id, login: login.to_owned(), name: name.to_owned(), is_bot, token };
        self.users.insert(login.to_owned(), user);
    }

    /// Adds an empty project without code.
    pub fn add_project(&mut self, name: &str) -> &mut Project {
        let project = Project {
            id: self.next_id(Kind::Project),
            name: name.to_owned(),
            description: String::new(),
            private: true,
            default_branch: "main".to_owned(),
            code: None,
            roles: BTreeMap::new(),
            labels: Vec::new(),
            types: ["Bug", "Feature", "Story", "Task"].map(str::to_owned).to_vec(),
            created_at: self.now(),
            next_number: 1,
        };
        self.projects.entry(name.to_owned()).or_insert(project)
    }

    fn next_id(&mut self, kind: Kind) -> u64 {
        let used = self.used.entry(kind).or_insert(0);
        *used += 1;
        kind.first() + (*used - 1)
    }
}

/// Reading the world.
impl World {
    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The user with this login.
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.get(login)
    }

    /// Who acts with this token.
    pub fn user_of_token(&self, token: &str) -> Option<&User> {
        self.users.values().find(|user| user.token.as_deref() == Some(token))
    }

    /// The project of this name.
    pub fn project(&self, name: &str) -> Option<&Project> {
        self.projects.get(name)
    }

    /// To change a project after it was added.
    pub fn project_mut(&mut self, name: &str) -> Option<&mut Project> {
        self.projects.get_mut(name)
    }

    /// All projects by name.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.values()
    }

    /// The ticket that stands in its place.
    pub fn ticket(&self, key: &TicketKey) -> Option<&Ticket> {
        self.tickets.get(key)
    }

    /// All users by login.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// All tickets by key.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// Why a ticket is not in its place, where it once was.
    pub fn absence(&self, key: &TicketKey) -> Option<&Absence> {
        self.absent.get(key)
    }

    /// The tickets that name this one as their parent, by key.
    pub fn children(&self, key: &TicketKey) -> impl Iterator<Item = &Ticket> {
        self.tickets.values().filter(move |ticket| ticket.parent.as_ref() == Some(key))
    }

    /// The comment with this id in a project, and its ticket.
    pub fn comment(&self, project: &str, id: u64) -> Option<(&Ticket, &Comment)> {
        let tickets = self.tickets.values().filter(|ticket| ticket.key.project == project);
        tickets.flat_map(|ticket| ticket.comments.iter().map(move |c| (ticket, c))).find(|(_, c)| c.id == id)
    }

    /// What someone may do in a project: strangers read what is public.
    pub fn role(&self, project: &Project, login: &str) -> Role {
        let open = if project.private { Role::None } else { Role::Read };
        project.roles.get(login).copied().unwrap_or(open)
    }
}
