//! Sections on the work itself: `[triggers]`, `[planner]`, `[publish]`, `[cache]`, `[worker]`, `[sweep]`,
//! `[review]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::words;
use crate::{model::publication::DocumentPlace, repo::RepoSettings, store};

words! {
    /// Who may ask for a plan, from the widest to the narrowest.
    AskPermission {
        /// Everybody who can see the ticket.
        Anyone = "anyone",
        /// People who may read the project.
        Read = "read",
        /// People who may label tickets.
        Triage = "triage",
        /// People who may write to the project.
        Write = "write",
    }
}

/// What makes the bot start.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// Adding this label asks for a plan; empty for no label.
    pub label: String,
    /// The word that commands start with.
    pub command: String,
    /// A new ticket of one of these types asks for a plan.
    pub stories: Vec<String>,
    /// Who may ask: by label, by command, or by opening a story.
    pub permission: AskPermission,
    /// Labels added by other bots count too.
    pub label_by_bots: bool,
    /// How many requests are served within an hour.
    pub caps: HourlyCaps,
    /// Other rules for single projects.
    #[serde(default)]
    pub projects: Vec<ProjectTriggers>,
}

/// How many requests are served within any hour; 0 means without limit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HourlyCaps {
    /// For one ticket.
    pub per_ticket: u32,
    /// By one person.
    pub per_person: u32,
}

impl HourlyCaps {
    /// The same in the form that the store takes.
    pub fn to_caps(&self) -> store::Caps {
        store::Caps { per_ticket: self.per_ticket, per_person: self.per_person }
    }
}

/// What is different for one project; what is absent stays as in `[triggers]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectTriggers {
    /// The connection's name.
    pub connection: String,
    /// `owner/repo` on GitHub.
    pub project: String,
    /// Another label; empty for no label.
    #[serde(default)]
    pub label: Option<String>,
    /// Other story types; an empty list for none.
    #[serde(default)]
    pub stories: Option<Vec<String>>,
    /// Another circle of people.
    #[serde(default)]
    pub permission: Option<AskPermission>,
}

words! {
    /// Who drafts plans.
    PlannerKind {
        /// Evidence of the repository alone; no model, no network.
        Offline = "offline",
        /// A language model that starts from the offline plan; what it says is checked the same way.
        Llm = "llm",
    }
}

/// Who drafts plans, and in which form they are written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planner {
    /// Who drafts plans.
    pub kind: PlannerKind,
    /// The template pack when neither the command nor the ticket chooses one.
    pub default_template: String,
    /// A folder with template packs of your own, which win over the built-in ones.
    #[serde(default)]
    pub templates_dir: Option<PathBuf>,
    /// The language model of the kind "llm".
    #[serde(default)]
    pub llm: Option<super::llm::Llm>,
}

words! {
    /// Where a plan is written.
    PublishMode {
        /// A comment; what does not fit is cut, with a link to the page of the whole plan, or (where documents are kept
        /// by the tracker) is a document with a short comment that links it.
        Auto = "auto",
        /// A comment, cut where it does not fit, without a link to the pages.
        Comment = "comment",
        /// A document with a short comment that links it.
        Document = "document",
    }
}

words! {
    /// Where documents are kept.
    DocumentKind {
        /// On Planwright's own pages, behind a link that ends.
        Hosted = "hosted",
        /// A file in the repository, on a branch with a pull request (GitHub).
        Repository = "repository",
        /// A file on the issue, with a link to it (Jira).
        Attachment = "attachment",
        /// A page of the project's wiki, with a link to it (Azure DevOps).
        Wiki = "wiki",
    }
}

impl DocumentKind {
    /// The same in the form that the model takes.
    pub fn to_place(self) -> DocumentPlace {
        match self {
            Self::Hosted => DocumentPlace::Hosted,
            Self::Repository => DocumentPlace::Repository,
            Self::Attachment => DocumentPlace::Attachment,
            Self::Wiki => DocumentPlace::Wiki,
        }
    }
}

/// How plans are posted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// Where a plan is written.
    pub mode: PublishMode,
    /// Where documents are kept, unless a connection says otherwise.
    pub document: DocumentKind,
    /// How long the link to a hosted document opens it without a login, in days.
    pub link_days: u32,
    /// Hosts that links in a posted plan may lead to, beside the tracker, the repositories and `public_url`.
    pub link_hosts: Vec<String>,
}

/// Mirrors and indexes of repositories: a cache on local disk that can be deleted at any time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// Where mirrors and indexes live.
    pub dir: PathBuf,
    /// Repositories on this machine are read below these folders only.
    pub local_roots: Vec<PathBuf>,
    /// The longest that one git command may take, in seconds.
    pub git_timeout_secs: u64,
    /// Larger repositories are refused, in megabytes.
    pub max_repository_mb: u64,
    /// Mirrors that were not used for longest go when the cache is larger, in megabytes.
    pub max_cache_mb: u64,
    /// How many commits of history are read.
    pub history_commits: u32,
    /// A mirror younger than this is not fetched again, in seconds.
    pub fresh_secs: u64,
}

impl Cache {
    /// The same in the form that the repository reader takes.
    pub fn to_settings(&self) -> RepoSettings {
        const MEGABYTE: u64 = 1024 * 1024;
        RepoSettings {
            cache: self.dir.clone(),
            local_roots: self.local_roots.clone(),
            git_timeout_secs: self.git_timeout_secs,
            max_repository_bytes: self.max_repository_mb.saturating_mul(MEGABYTE),
            max_cache_bytes: self.max_cache_mb.saturating_mul(MEGABYTE),
            history_commits: self.history_commits,
            fresh_secs: self.fresh_secs,
        }
    }
}

/// How jobs are claimed, retried and confirmed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// How many jobs run at once in this process.
    pub concurrency: usize,
    /// A job belongs to a worker for this long and is renewed in time, in seconds.
    pub lease_secs: u64,
    /// A write to a tracker is given up after this long, in seconds; it must fit into the lease with room to spare.
    pub write_timeout_secs: u64,
    /// After this many attempts a job is a dead letter.
    pub max_attempts: u32,
    /// The wait after the first failed attempt, in milliseconds; it doubles with each further one.
    pub backoff_ms: u64,
    /// The longest wait between attempts, in milliseconds.
    pub backoff_max_ms: u64,
    /// How often the store is asked for work when no commit wakes the worker, in milliseconds.
    pub poll_ms: u64,
    /// When the effect of a write is unknown: the wait before the first look at the tracker, in milliseconds.
    pub settle_ms: u64,
    /// The least time between the two empty listings that allow to post again, in milliseconds.
    pub listing_gap_ms: u64,
    /// A write whose effect stays unknown for this long waits for an operator, in seconds.
    pub park_after_secs: u64,
    /// When a confirmed comment is looked at again to remove a double, in seconds.
    pub second_look_secs: u64,
}

/// Asking the tracker again for deliveries that did not arrive.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// How often the trackers' lists of failed deliveries are read, in seconds; 0 for never.
    pub every_secs: u64,
    /// How far back the lists are read, in hours. GitHub keeps three days.
    pub back_hours: u64,
}

/// Saying in a plan's comment which steps are stale, after an edit of its ticket or when its branch moved.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Edits of tickets are looked at.
    pub edits: bool,
    /// From an edit to the look at the plan, in seconds: several edits are one.
    pub settle_secs: u64,
    /// The least time between two looks at one plan, in seconds.
    pub gap_secs: u64,
    /// How often the branches of standing plans are looked at, in seconds; 0 for never.
    pub branches_every_secs: u64,
    /// Plans older than this are not looked at because of their branch, in days.
    pub branches_days: u32,
    /// How many plans one look at the branches takes, the newest first.
    pub branches_plans: u32,
}
