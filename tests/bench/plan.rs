//! From a context to a comment: draft, verification, rendering in each pack, fitting. The plan is an epic's: dozens of
//! criteria, a repository of thousands of files, a limit that the whole does not fit.

use std::sync::Arc;

use planwright::{
    clock::SystemClock,
    model::{ConnectionName, OperationId, RepoName, TicketId, TicketKey, job::PlanOptions},
    planner::{Brief, offline, verify::verify},
    publish::{Encoder, Hosts, MarkerKey},
    repo::{ContextSource, Repositories},
    richtext::markdown,
    templates::Packs,
    trackers::{CodeSource, Dialect, LengthUnit, MarkerPlace, Profile},
};

use super::{context, time};

const FILES: usize = 2_000;
const ROUNDS: usize = 60;
const CRITERIA: usize = 60;

pub async fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let git_dir = context::made(folder.path(), FILES);
    let criteria: String = (0..CRITERIA)
        .map(|at| format!("- [ ] Module {at} keeps the discount of order {at} in `export_invoice`\n"))
        .collect();
    let mut ticket = context::ticket(1);
    ticket.body = markdown::parse(&format!("Discounts are lost.\n\n## Acceptance criteria\n\n{criteria}"));
    let url = git_dir.to_string_lossy().into_owned();
    let source = CodeSource { name: RepoName::new("bench/large"), url, credentials: None, web: None };
    let repositories = Repositories::new(context::settings(folder.path(), &git_dir), Arc::new(SystemClock));
    let contexts = [repositories.gather(&ticket, &source, None).await.expect("the repository can be read")];
    let options = PlanOptions::default();
    let brief = Brief { ticket: &ticket, contexts: &contexts, options: &options, date: "2026-11-20" };

    let draft = offline::draft(brief);
    println!("plan: {CRITERIA} criteria, {} steps", draft.sections.steps().count());
    println!("  draft                      {:>10.1?}", time(ROUNDS, || offline::draft(brief)));
    println!("  verification               {:>10.1?}", time(ROUNDS, || verify(draft.clone(), &contexts, &ticket)));
    let plan = verify(draft, &contexts, &ticket);
    let packs = Packs::builtin();
    let encoder = encoder(40_000);
    let key = TicketKey::new(ConnectionName::new("bench"), TicketId::new("1"));
    for name in packs.names() {
        let text = packs.render(name, &plan, &ticket).expect("it renders");
        let rendering = time(ROUNDS, || packs.render(name, &plan, &ticket));
        let fitting =
            time(ROUNDS, || encoder.encode(&markdown::parse(&text), &key, OperationId(uuid::Uuid::nil()), None));
        println!("  {name:<16} {:>6} KB, rendering {rendering:>8.1?}, fitting {fitting:>8.1?}", text.len() / 1024);
    }
}

/// GitHub's encoder with a limit.
fn encoder(comment_limit: usize) -> Encoder {
    let profile = Profile {
        dialect: Dialect::Gfm,
        comment_limit,
        unit: LengthUnit::Chars,
        marker: MarkerPlace::BodyComment,
        folds: true,
        mermaid: true,
        labels_on_open: false,
        documents: planwright::model::publication::DocumentPlace::Repository,
        hints: false,
    };
    Encoder::new(profile, MarkerKey::derive(b"a secret of the bench").expect("a secret"), Hosts::Any)
        .expect("a dialect")
}
