//! Plans as documents of the tracker, each linked from a short comment; and what a waiting request lets one do.

use futures::FutureExt;
use planwright::{
    http,
    model::job::JobState,
    sandbox::{
        Fault, Gate, Sandbox, Step, TicketKey, Writing, Written, azure_devops, github, jira, settings::write_private,
    },
};
use tempfile::TempDir;

use super::{DEVELOPER, Play, Scene};
use crate::bot::harness::PATIENCE;

/// More rows of the table.
pub const SCENARIOS: &[(&str, Play)] = &[
    // First: nothing that is posted before looks at tickets a second time and meets its fault.
    ("`/plan cancel` takes back a request that waits", |s| cancel(s).boxed()),
    ("a plan that does not fit becomes a linked document", |s| long(s).boxed()),
    ("a second plan updates the same document", |s| again(s).boxed()),
    ("a document whose answer is lost stands once", |s| lost(s, Fault::AppliedThenReset).boxed()),
    ("a document answered with an error stands once", |s| lost(s, Fault::AppliedThenStatus(502)).boxed()),
    ("a document that was not written is written later", |s| lost(s, Fault::Reset).boxed()),
    ("where a document is refused, a link opens the plan's own page without a login", |s| refused(s).boxed()),
];

/// The row of what only trackers with service desks have, and these.
pub const DESK: &str = "on a service desk plans are internal comments that link no file";
pub const DESKS: [&str; 2] = ["jira_cloud", "jira_dc"];

/// What the last line of a plan in the pack `long` says.
const END: &str = "The end of a long plan.";

/// As usual, but with the trackers' own documents, a login, a template pack that fits nowhere, and long pauses between
/// attempts.
fn configuration(folder: &TempDir, sandbox: &Sandbox) -> String {
    let mut text = super::configuration(folder, sandbox)
        .replace("backoff_ms = 20\nbackoff_max_ms = 100", "backoff_ms = 60000\nbackoff_max_ms = 60000");
    for (tracker, document) in [("github", "repository"), ("jira", "attachment"), ("azure_devops", "wiki")] {
        let line = format!("tracker = \"{tracker}\"\n");
        text = text.replace(&line, &format!("{line}document = \"{document}\"\n"));
    }
    let packs = folder.path().join("packs");
    for (file, content) in pack() {
        let file = packs.join(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder can be made");
        write_private(&file, &content).expect("the file can be written");
    }
    format!("{text}\n[planner]\ntemplates_dir = {packs:?}\n[pages]\npassword = \"made up\"\n")
}

/// A pack whose plans are longer than a comment of any tracker.
fn pack() -> [(&'static str, String); 3] {
    let plan = "## Plan: {{plan.head.ticket.title}}\n\n{{#if (eq plan.head.planner \"offline\")}}\n".to_owned()
        + &"{{> filler}}\n".repeat(6)
        + "{{/if}}\n"
        + END
        + "\n";
    let words = "word ".repeat(40);
    [
        ("long/pack.toml", "title = \"Long\"\ndescription = \"fits nowhere\"\n".to_owned()),
        ("long/plan.md.hbs", plan),
        ("partials/filler.md.hbs", format!("{words}\n\n").repeat(900)),
    ]
}

impl Scene {
    /// The documents of a ticket, as its tracker keeps and links them.
    async fn documents(&self, ticket: &TicketKey) -> Vec<String> {
        match self.name {
            "github" => {
                let hub = &self.sandbox.github;
                let title = format!("Implementation plan for #{}", ticket.number);
                let mut found = Vec::new();
                for pull in hub.pulls(&ticket.project).into_iter().filter(|pull| pull.title == title) {
                    let name = pull.head.strip_prefix("planwright/").expect("a branch of its own");
                    found.extend(hub.file(&ticket.project, &pull.head, &format!("plans/{name}.md")).await);
                }
                found
            }
            "jira_cloud" | "jira_dc" => {
                let jira = if self.name == "jira_cloud" { &self.sandbox.jira_cloud } else { &self.sandbox.jira_dc };
                let files = self.tracker().ticket(ticket).expect("the ticket").attachments;
                let links = jira.remote_links(ticket);
                assert_eq!(links.len(), files.len(), "{links:?}");
                let linked = |name: &str| links.iter().any(|link| link.to_string().contains(name));
                assert!(files.iter().all(|file| linked(&file.name)), "{links:?}");
                files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect()
            }
            _ => {
                let services = self.name == "azure_services";
                let azure = if services { &self.sandbox.azure } else { &self.sandbox.azure_server };
                let path = |link: String| {
                    let page = link.split_once("pagePath=").expect("a page of the wiki").1.replace("%2F", "/");
                    azure.wiki_page(&ticket.project, &page)
                };
                azure.hyperlinks(ticket).into_iter().filter_map(path).collect()
            }
        }
    }

    /// Makes the next write of a document go wrong.
    fn fail_document(&self, fault: Fault) -> Gate {
        match self.name {
            "github" => self.sandbox.github.fail_next(github::Endpoint::PutContents, fault),
            "jira_cloud" => self.sandbox.jira_cloud.fail_next(jira::Endpoint::Attach, fault),
            "jira_dc" => self.sandbox.jira_dc.fail_next(jira::Endpoint::Attach, fault),
            "azure_services" => self.sandbox.azure.fail_next(azure_devops::Endpoint::WriteWikiPage, fault),
            _ => self.sandbox.azure_server.fail_next(azure_devops::Endpoint::WriteWikiPage, fault),
        }
    }

    /// Asks for a plan that fits nowhere; the short comment.
    async fn ask_long(&self, ticket: &TicketKey, more: &str) -> Written {
        self.say(ticket, &format!("/plan long{more}"), DEVELOPER).await;
        let written = self.answer(ticket).await;
        assert!(written.text.contains("Read the whole plan"), "{}: {}", self.name, start(&written.text));
        assert!(written.text.len() < 20_000 && !written.text.contains(END), "{}: not short", self.name);
        self.idle().await;
        written
    }

    /// One document stands, whole, with this version of the plan.
    async fn check_document(&self, ticket: &TicketKey, version: u32) {
        let documents = self.documents(ticket).await;
        assert_eq!(documents.len(), 1, "{}: {:#?}", self.name, self.jobs().await);
        for words in ["Cart total ignores the coupon", END, &format!("Plan version {version}")] {
            assert!(documents[0].contains(words), "{}: no {words:?} in {}", self.name, start(&documents[0]));
        }
        assert_eq!(self.by_bot(ticket), 1, "{}", self.name);
    }
}

fn start(text: &str) -> String {
    text.chars().take(2_000).collect()
}

async fn long(scene: &Scene) {
    let ticket = scene.open().await;
    let written = scene.ask_long(&ticket, "").await;
    assert!(written.text.contains("/blob/"), "{}: the files to change are not linked", scene.name);
    scene.check_document(&ticket, 1).await;
}

async fn again(scene: &Scene) {
    let ticket = scene.open().await;
    let first = scene.ask_long(&ticket, "").await;
    let second = scene.ask_long(&ticket, " --depth brief").await;
    assert_eq!((second.comment, second.writing), (first.comment, Writing::Edited), "{}", scene.name);
    scene.check_document(&ticket, 2).await;
}

/// Writing a document meets a fault; one document and one comment stand in the end.
async fn lost(scene: &Scene, fault: Fault) {
    let ticket = scene.open().await;
    let gate = scene.fail_document(fault);
    scene.ask_long(&ticket, "").await;
    gate.reached().await;
    scene.check_document(&ticket, 1).await;
}

async fn refused(scene: &Scene) {
    let ticket = scene.open().await;
    scene.fail_document(Fault::Status(403));
    let written = scene.ask_long(&ticket, "").await;
    let begin = written.text.find("/plans/").expect("a link to the page");
    let link: String = written.text[begin..]
        .replace("&amp;", "&")
        .replace("\\&", "&")
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "/?&=-".contains(*c))
        .collect();
    let bot = format!("http://{}", scene.running().address);
    let (status, page) = get(&format!("{bot}{link}")).await;
    assert!(status == 200 && page.contains(END), "{}: {status} for {link}", scene.name);
    let bare = link.split('?').next().expect("a path");
    assert_eq!(get(&format!("{bot}{bare}")).await.0, 401, "{}", scene.name);
}

/// What stands at an address.
async fn get(address: &str) -> (u16, String) {
    let client = http::Client::new(http::Options { connect_timeout: PATIENCE, deadline: PATIENCE, is_direct: true });
    let request = reqwest::Request::new(reqwest::Method::GET, address.parse().expect("an address"));
    let answer = client.send(request).await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

async fn cancel(scene: &Scene) {
    let ticket = scene.open().await;
    let gate = scene.tracker().fail_next(Step::GetTicket, Fault::Status(503));
    scene.say(&ticket, "/plan", DEVELOPER).await;
    gate.reached().await;
    scene.say(&ticket, "/plan cancel", DEVELOPER).await;
    let answer = scene.answer(&ticket).await;
    assert!(answer.text.contains("one request was waiting"), "{}:\n{}", scene.name, answer.text);
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1, "{}: no plan came", scene.name);
    let states: Vec<JobState> = scene.jobs().await.into_iter().take(2).map(|job| job.state).collect();
    assert_eq!(states, [JobState::Done, JobState::Cancelled], "{}", scene.name);
}

#[tokio::test]
async fn customers_of_a_service_desk_see_neither_comment_nor_file() {
    for name in DESKS {
        let scene = Scene::start_with(name, configuration).await;
        let jira = if name == "jira_cloud" { &scene.sandbox.jira_cloud } else { &scene.sandbox.jira_dc };
        jira.make_service_desk(scene.tracker().project());
        let ticket = scene.open().await;
        let written = scene.ask_long(&ticket, "").await;
        let properties = jira.properties(written.comment);
        assert_eq!(properties["sd.public.comment"]["internal"], true, "{name}: {properties:?}");
        assert!(written.text.contains("/plans/"), "{name}: {}", start(&written.text));
        assert!(scene.tracker().ticket(&ticket).expect("the ticket").attachments.is_empty(), "{name}");
        assert!(jira.remote_links(&ticket).is_empty(), "{name}");
        scene.finish().await;
    }
}

/// Plays everything on one tracker.
async fn all(name: &'static str) {
    let scene = Scene::start_with(name, configuration).await;
    for (words, play) in SCENARIOS {
        println!("{name}: {words}");
        play(&scene).await;
    }
    scene.finish().await;
}

#[tokio::test]
async fn github() {
    all("github").await;
}

#[tokio::test]
async fn jira_cloud() {
    all("jira_cloud").await;
}

#[tokio::test]
async fn jira_data_center() {
    all("jira_dc").await;
}

#[tokio::test]
async fn azure_devops_services() {
    all("azure_services").await;
}

#[tokio::test]
async fn azure_devops_server() {
    all("azure_server").await;
}
