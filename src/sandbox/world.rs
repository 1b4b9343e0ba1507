//! The world that the sandbox's trackers show: people, projects, tickets and comments.
//!
//! In: people and projects of a test or of the demo, then acts. Out: the state that every answer and every payload is
//! derived from. Knows no tracker's JSON, and never touches disk or network. Ids count upwards and times come from the
//! clock, so that equal acts at equal times make equal worlds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
    sync::Arc,
};

use crate::clock::Clock;

/// Names a ticket: `acme/shop#7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketKey {
    /// `owner/repo` on GitHub.
    pub project: String,
    /// Counts from 1 in a project.
    pub number: u64,
}

impl TicketKey {
    /// The ticket with this number in a project.
    pub fn new(project: impl Into<String>, number: u64) -> Self {
        Self { project: project.into(), number }
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.project, self.number)
    }
}

/// What someone may do in a project, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}

impl Role {
    /// The role's name on GitHub.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }
}

/// Someone who acts: a person or a program.
#[derive(Clone, Debug)]
pub struct User {
    pub id: u64,
    pub login: String,
    /// The name people see.
    pub name: String,
    pub is_bot: bool,
    /// What a client sends to act as this user.
    pub token: Option<String>,
}

/// A label as a project defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub id: u64,
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    pub description: String,
}

/// A home of tickets, with its code.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: u64,
    /// `owner/repo` on GitHub.
    pub name: String,
    pub description: String,
    pub private: bool,
    pub default_branch: String,
    /// The git repository on disk.
    pub code: Option<PathBuf>,
    pub roles: BTreeMap<String, Role>,
    pub labels: Vec<Label>,
    /// The ticket types people can choose from.
    pub types: Vec<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    next_number: u64,
}

/// What a person fills in to open a ticket.
#[derive(Clone, Debug, Default)]
pub struct NewTicket {
    pub title: String,
    /// Markdown.
    pub body: String,
    /// `Bug`, `Story`; none where the project has no types.
    pub kind: Option<String>,
    pub labels: Vec<String>,
    pub parent: Option<TicketKey>,
}

/// A ticket as it stands.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: u64,
    pub key: TicketKey,
    pub title: String,
    /// Markdown; none when it was left empty.
    pub body: Option<String>,
    pub kind: Option<String>,
    pub labels: Vec<String>,
    pub author: String,
    pub assignees: Vec<String>,
    pub parent: Option<TicketKey>,
    /// It is really a pull request.
    pub is_pull_request: bool,
    pub closed_at: Option<i64>,
    pub locked: bool,
    pub reactions: Reactions,
    pub comments: Vec<Comment>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// A comment on a ticket.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: u64,
    pub author: String,
    pub body: String,
    /// A program wrote it on behalf of the author.
    pub via_app: bool,
    pub reactions: Reactions,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// Who reacted with what: each pair stands once, with the reaction's id.
pub type Reactions = BTreeMap<(String, String), u64>;

/// Where a ticket is that is no longer in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    Deleted,
    TransferredTo(TicketKey),
}

/// The kinds of things that have ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    User,
    Project,
    Label,
    Ticket,
    Comment,
    Reaction,
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

    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.get(login)
    }

    /// Who acts with this token.
    pub fn user_of_token(&self, token: &str) -> Option<&User> {
        self.users.values().find(|user| user.token.as_deref() == Some(token))
    }

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

    pub fn ticket(&self, key: &TicketKey) -> Option<&Ticket> {
        self.tickets.get(key)
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

/// Acting in the world.
impl World {
    /// Opens a ticket. Labels that the project lacks are created, as GitHub does for those who may.
    ///
    /// # Panics
    /// When the project does not exist: the caller names one it added.
    pub fn open(&mut self, project: &str, new: NewTicket, by: &str) -> TicketKey {
        let id = self.next_id(Kind::Ticket);
        let now = self.now();
        let home = self.projects.get_mut(project).expect("the project was added before");
        let key = TicketKey::new(project, home.next_number);
        home.next_number += 1;
        for label in &new.labels {
            self.define_label(project, label);
        }
        let ticket = Ticket {
            id,
            key: key.clone(),
            title: new.title,
            body: (!new.body.is_empty()).then_some(new.body),
            kind: new.kind,
            labels: new.labels,
            author: by.to_owned(),
            assignees: Vec::new(),
            parent: new.parent,
            is_pull_request: false,
            closed_at: None,
            locked: false,
            reactions: Reactions::new(),
            comments: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        self.tickets.insert(key.clone(), ticket);
        key
    }

    /// Changes a ticket and the time of its last change; false when there is none.
    pub fn change(&mut self, key: &TicketKey, change: impl FnOnce(&mut Ticket)) -> bool {
        let now = self.now();
        let Some(ticket) = self.tickets.get_mut(key) else { return false };
        change(ticket);
        ticket.updated_at = now;
        true
    }

    /// Puts a label on a ticket, defining it where needed; false when it was there already or the ticket is not.
    pub fn add_label(&mut self, key: &TicketKey, label: &str) -> bool {
        let missing = self.ticket(key).is_some_and(|ticket| !ticket.labels.iter().any(|l| l == label));
        if missing {
            self.define_label(&key.project, label);
            self.change(key, |ticket| ticket.labels.push(label.to_owned()));
        }
        missing
    }

    /// Writes a comment and gives its id; none when the ticket is not there.
    pub fn comment_on(&mut self, key: &TicketKey, body: &str, by: &str, via_app: bool) -> Option<u64> {
        self.tickets.contains_key(key).then(|| {
            let (id, now) = (self.next_id(Kind::Comment), self.now());
            let comment = Comment {
                id,
                author: by.to_owned(),
                body: body.to_owned(),
                via_app,
                reactions: Reactions::new(),
                created_at: now,
                updated_at: now,
            };
            self.change(key, |ticket| ticket.comments.push(comment));
            id
        })
    }

    /// Replaces a comment's body and gives its ticket and the old body.
    pub fn edit_comment(&mut self, project: &str, id: u64, body: &str) -> Option<(TicketKey, String)> {
        let now = self.now();
        let (key, comment) = self.comment_mut(project, id)?;
        comment.updated_at = now;
        Some((key, std::mem::replace(&mut comment.body, body.to_owned())))
    }

    /// Removes a comment and gives it back, with its ticket.
    pub fn remove_comment(&mut self, project: &str, id: u64) -> Option<(TicketKey, Comment)> {
        let (key, _) = self.comment_mut(project, id)?;
        let mut removed = None;
        self.change(&key, |ticket| {
            let at = ticket.comments.iter().position(|comment| comment.id == id);
            removed = at.map(|at| ticket.comments.remove(at));
        });
        removed.map(|comment| (key, comment))
    }

    fn comment_mut(&mut self, project: &str, id: u64) -> Option<(TicketKey, &mut Comment)> {
        let tickets = self.tickets.values_mut().filter(|ticket| ticket.key.project == project);
        tickets
            .flat_map(|ticket| {
                let key = &ticket.key;
                ticket.comments.iter_mut().map(move |comment| (key, comment))
            })
            .find(|(_, comment)| comment.id == id)
            .map(|(key, comment)| (key.clone(), comment))
    }

    /// Reacts to a ticket; gives the reaction's id and whether it is new.
    pub fn react_to_ticket(&mut self, key: &TicketKey, by: &str, content: &str) -> Option<(u64, bool)> {
        let id = self.next_id(Kind::Reaction);
        let ticket = self.tickets.get_mut(key)?;
        Some(react(&mut ticket.reactions, by, content, id))
    }

    /// Reacts to a comment; gives the reaction's id and whether it is new.
    pub fn react_to_comment(&mut self, project: &str, comment: u64, by: &str, content: &str) -> Option<(u64, bool)> {
        let id = self.next_id(Kind::Reaction);
        let (_, comment) = self.comment_mut(project, comment)?;
        Some(react(&mut comment.reactions, by, content, id))
    }

    /// Deletes a ticket for good and gives it back.
    pub fn delete(&mut self, key: &TicketKey) -> Option<Ticket> {
        let ticket = self.tickets.remove(key)?;
        self.absent.insert(key.clone(), Absence::Deleted);
        Some(ticket)
    }

    /// Moves a ticket to another project, under a new number; its labels stay behind where the target lacks them.
    pub fn transfer(&mut self, key: &TicketKey, target: &str) -> Option<TicketKey> {
        let home = self.projects.get_mut(target)?;
        let new = TicketKey::new(target, home.next_number);
        let defined: BTreeSet<String> = home.labels.iter().map(|label| label.name.clone()).collect();
        let mut ticket = self.tickets.remove(key)?;
        home.next_number += 1;
        ticket.key = new.clone();
        ticket.labels.retain(|label| defined.contains(label));
        ticket.updated_at = self.clock.now_ms();
        self.tickets.insert(new.clone(), ticket);
        self.absent.insert(key.clone(), Absence::TransferredTo(new.clone()));
        Some(new)
    }

    /// Defines a label in a project unless it is there.
    pub fn define_label(&mut self, project: &str, name: &str) {
        let id = self.next_id(Kind::Label);
        let Some(project) = self.projects.get_mut(project) else { return };
        if !project.labels.iter().any(|label| label.name == name) {
            let label = Label { id, name: name.to_owned(), color: "ededed".to_owned(), description: String::new() };
            project.labels.push(label);
        }
    }
}

fn react(reactions: &mut Reactions, by: &str, content: &str, id: u64) -> (u64, bool) {
    let key = (by.to_owned(), content.to_owned());
    if let Some(there) = reactions.get(&key) {
        return (*there, false);
    }
    reactions.insert(key, id);
    (id, true)
}
