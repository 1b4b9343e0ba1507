//! Random plans, hostile in every text: whatever pack and dialect shows them, nothing in them acts.
//!
//! `PLANWRIGHT_RANDOM_PLANS` sets their number; a release is tried with a million.

use std::sync::LazyLock;

use planwright::{
    model::{
        ConnectionName, OperationId, TicketId, TicketKey,
        context::{Context, FileClass},
        plan::*,
        ticket::Ticket,
    },
    planner::verify::verify,
    publish::{Encoder, Hosts, MarkerKey},
    richtext::markdown,
    templates::Packs,
    trackers::{Dialect, LengthUnit, MarkerPlace, Profile},
    trigger::comment::commands,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::{
    planner::world::{MemoryTree, commit, context, ticket},
    publish::inertness::{html, live},
    trigger::rules,
};

/// Pieces that act somewhere when they stand unchanged.
const PIECES: &[&str] = &[
    "@ada",
    "@org/team",
    "fixes #1",
    "closes a/b#2",
    "Resolves: ",
    "GH-3",
    "AB#4",
    "!5",
    "/plan story",
    "\n/plan",
    "/close",
    "[~accountid:5]",
    "[~ada]",
    "@<0000-1>",
    "![x](https://evil.example/p.png)",
    "<img src=x>",
    "<script>",
    "</details>",
    "<details open>",
    "<!--",
    "-->",
    "`",
    "``",
    "```",
    "~~~",
    "\n```\n",
    "|",
    "\\|",
    "[a](javascript:b)",
    "](",
    "[",
    "](x)",
    "data:text/html,x",
    "https://evil.example/",
    "www.evil.example",
    "http://",
    "{{secrets}}",
    "{{> help}}",
    "\n# h",
    "\n> q",
    "\n- [ ] t",
    "\u{202e}",
    "\u{e0041}",
    "\u{1b}[31m",
    "&#64;ada",
    "&lt;",
    "**",
    "__",
    "\\",
    " ",
    " ",
    "word",
    "total",
    "é",
    "粗",
    "{code}",
    "{noformat}",
    "!image.png!",
    "[x|https://evil.example]",
    "planwright:0",
    "$x$",
    "$$",
    "::",
    "~",
    "^1",
    "[^1]: x",
];

/// A small random source (Marsaglia, "Xorshift RNGs", 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn text(&mut self) -> String {
        (0..1 + self.below(6)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn statement(&mut self) -> Statement {
        let basis = [Basis::Ticket, Basis::Repository, Basis::History, Basis::Guideline, Basis::Model][self.below(5)];
        let statement = Statement::new(basis, self.text());
        match self.below(4) {
            0 => statement.at(self.file()),
            1 => statement.citing(Citation::Commit(CommitRef {
                repository: None,
                id: commit('c'),
                subject: self.text(),
                date: self.text(),
                url: Some(self.text()),
            })),
            2 => statement
                .citing(Citation::Ticket { quote: self.text(), place: Place::Section { heading: self.text() } }),
            _ => statement,
        }
    }

    fn file(&mut self) -> FileRef {
        let path = if self.below(3) == 0 { self.text() } else { HOSTILE_PATH.to_owned() };
        FileRef { url: Some(self.text()), symbol: Some(self.text()), ..FileRef::new(path) }
    }
}

/// A path that git allows.
const HOSTILE_PATH: &str = "src/@ada fixes #1 ](x) `b`|<img src=x>.rs";

/// A draft with something hostile in every place.
fn draft(random: &mut Random) -> Draft {
    let mut draft = Draft::default();
    draft.head.kind_reason = random.text();
    draft.head.focus_reason = random.text();
    draft.head.planner = random.text();
    let sections = &mut draft.sections;
    sections.phases = vec![Phase { steps: vec![step(random)], ..Phase::default() }];
    sections.overview.decisions = vec![Decision { what: random.statement(), ..Decision::default() }];
    sections.criteria = vec![Criterion { id: "AC1".to_owned(), text: random.text(), ..Criterion::default() }];
    sections.requirements = vec![Requirement { id: "R1".to_owned(), text: random.text(), ..Requirement::default() }];
    sections.architecture.components =
        vec![Component { name: "c".to_owned(), files: vec![random.file()], ..Component::default() }];
    sections.architecture.diagram = Some(random.text());
    sections.technology = vec![Technology {
        role: "Cache".to_owned(),
        name: "n".to_owned(),
        version: Some(String::new()),
        file: Some(random.file()),
        rationale: None,
    }];
    sections.data.changes = vec![SchemaChange { what: random.statement(), ..SchemaChange::default() }];
    let fields = vec![NamedText { name: random.text(), text: random.text() }];
    sections.data.entities = vec![Entity { name: "e".to_owned(), file: Some(random.file()), fields: fields.clone() }];
    let endpoint = Endpoint { path: "/".to_owned(), file: Some(random.file()), errors: fields, ..Endpoint::default() };
    sections.interfaces.endpoints = vec![Endpoint { handler: Some(String::new()), ..endpoint }];
    sections.testing.cases = vec![TestCase { id: "T1".to_owned(), name: Some(String::new()), ..TestCase::default() }];
    sections.dependencies.packages = vec![Package { change: PackageChange::Add, ..Package::default() }];
    sections.risks = vec![Risk::default()];
    sections.questions = vec![Question::default()];
    sections.extra = vec![ExtraSection::default()];
    sections.lists_mut(&mut |list| list.push(random.statement()));
    sections.slots_mut(&mut |slot| *slot = Some(random.statement()));
    sections.lines_mut(&mut |line| *line = random.text());
    sections.codes_mut(&mut |code| *code = Some(Code { language: Some(random.text()), text: random.text() }));
    sections.statements_mut(&mut |statement| {
        if statement.text.is_empty() {
            *statement = random.statement();
        }
    });
    draft
}

fn step(random: &mut Random) -> Step {
    let action = [Action::Create, Action::Modify, Action::Delete, Action::Rename][random.below(4)];
    let symbol = SymbolRef { name: "total".to_owned(), file: random.file(), ..SymbolRef::default() };
    Step {
        id: "1".to_owned(),
        files: vec![FileChange {
            action,
            file: random.file(),
            to: Some(random.text()),
            symbols: vec![symbol.clone()],
            beside: vec![symbol.clone()],
            reads: vec![symbol],
            adds: vec![random.text()],
            like: Some(random.file()),
            doubt: None,
            why: vec![random.statement()],
        }],
        validate: vec![Command { line: random.text(), shows: random.text(), ..Command::default() }],
        serves: vec!["AC1".to_owned(), random.text()],
        ..Step::default()
    }
}

/// An encoder of each dialect.
fn encoder(dialect: Dialect, marker: MarkerPlace) -> Encoder {
    let profile = Profile {
        dialect,
        comment_limit: 200_000,
        unit: LengthUnit::Chars,
        marker,
        folds: dialect != Dialect::Wiki,
        mermaid: true,
        labels_on_open: false,
        documents: planwright::model::publication::DocumentPlace::Repository,
        hints: false,
    };
    let key = MarkerKey::derive(b"a secret of the connection").expect("a secret");
    Encoder::new(profile, key, Hosts::Only(vec!["github.com".to_owned()])).expect("a dialect with a writer")
}

/// The repository and the ticket that all plans are checked against; both are hostile.
fn world() -> (Context, Ticket) {
    let tree = MemoryTree::default().file(HOSTILE_PATH, FileClass::Source, "pub fn total() {}\n");
    let all = PIECES.join(" ");
    (context("acme/shop", tree), ticket(&all, &all))
}

/// What acts in a body of this dialect.
fn acting(dialect: Dialect, body: &str, marker: &str) -> Option<String> {
    let free = body.replace(marker, "");
    match dialect {
        Dialect::Gfm | Dialect::AzureMarkdown => {
            let page = html(body);
            let found = live(&page)
                .or_else(|| foreign(&page))
                .or_else(|| commands(&free, &rules()).pop().map(|c| format!("{c:?}")));
            found.or_else(|| (page.matches("<!--").count() > 1).then(|| "a second marker".to_owned()))
        }
        Dialect::Html => live(body).or_else(|| foreign(body)),
        Dialect::Adf => {
            let nodes = ["\"mention\"", "\"media\"", "\"mediaSingle\"", "\"inlineCard\"", "\"blockCard\"", "\"emoji\""];
            nodes.iter().find(|node| body.contains(&format!("\"type\":{node}"))).map(|n| (*n).to_owned())
        }
        Dialect::Wiki => {
            let doc = planwright::richtext::wiki::read(body);
            let page = planwright::richtext::html::write(&doc);
            live(&page).or_else(|| foreign(&page))
        }
    }
}

/// An address that leads elsewhere than to the allowed host.
fn foreign(page: &str) -> Option<String> {
    let mut targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    targets.find(|to| !to.starts_with("https://github.com/")).map(str::to_owned)
}

#[test]
fn no_random_plan_acts_in_any_pack_and_dialect() {
    static PACKS: LazyLock<Packs> = LazyLock::new(Packs::builtin);
    let cases = std::env::var("PLANWRIGHT_RANDOM_PLANS").ok().and_then(|n| n.parse().ok()).unwrap_or(48);
    let (context, ticket) = world();
    let key = TicketKey::new(ConnectionName::new("acme"), TicketId::new("acme/shop#7"));
    let encoders = [
        (Dialect::Gfm, encoder(Dialect::Gfm, MarkerPlace::BodyComment)),
        (Dialect::AzureMarkdown, encoder(Dialect::AzureMarkdown, MarkerPlace::Property)),
        (Dialect::Html, encoder(Dialect::Html, MarkerPlace::Property)),
        (Dialect::Adf, encoder(Dialect::Adf, MarkerPlace::Property)),
        (Dialect::Wiki, encoder(Dialect::Wiki, MarkerPlace::Property)),
    ];
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(1..u64::MAX), |seed| {
        let mut random = Random(seed);
        let plan = verify(draft(&mut random), std::slice::from_ref(&context), &ticket);
        let names = PACKS.names();
        let pack = names[random.below(names.len())];
        let text = PACKS.render(pack, &plan, &ticket).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let document = markdown::parse(&text);
        for (dialect, encoder) in &encoders {
            let rendered = encoder.encode(&document, &key, OperationId(uuid::Uuid::from_u128(7)), None);
            let found = acting(*dialect, rendered.body(), rendered.marker());
            prop_assert_eq!(found, None, "{:?} of {}:\n{}", dialect, pack, rendered.body());
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
