//! One PostgreSQL, a process that receives and several that work.

use std::{path::Path, process::Command};

use planwright::{
    model::job::JobState,
    sandbox::github::{Endpoint, Fault},
};

use super::{
    harness::{Options, Process, TestBot, free_port, idle},
    serve::start,
};
use crate::store::bed::{Bed, on_postgres};

/// A process with one role on a port of its own.
async fn with_role(bot: &TestBot, file: &Path, role: &str) -> (Process, u16) {
    let port = free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_planwright"));
    command.arg("serve").arg("--config").arg(file).args(["--role", role, "--listen", &format!("127.0.0.1:{port}")]);
    (start(bot, port, command).await, port)
}

#[tokio::test]
async fn a_worker_that_is_killed_is_replaced_and_every_ticket_has_one_comment() {
    on_postgres(killed, "roles").await;
}

async fn killed(bed: &Bed) {
    const TICKETS: usize = 8;
    let bot = TestBot::start_idle().await;
    let options = Options {
        store_url: Some(bed.url.clone()),
        lease_secs: 2,
        write_timeout_secs: 1,
        more: "[sweep]\nevery_secs = 1".into(),
        ..Options::default()
    };
    let file = bot.configure(&options, free_port());
    let (mut receiver, port) = with_role(&bot, &file, "receive").await;
    bot.github().set_hook(format!("http://127.0.0.1:{port}/hooks/acme-github"));
    let (mut victim, worker_port) = with_role(&bot, &file, "work").await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let hook = client.post(format!("http://127.0.0.1:{worker_port}/hooks/acme-github")).send().await;
    assert_eq!(hook.expect("an answer").status().as_u16(), 404, "a worker takes no deliveries");

    let first = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::CreateComment, Fault::AppliedThenHold);
    bot.ask(&first).await;
    gate.reached().await;
    let mut issues = vec![first];
    for _ in 1..TICKETS {
        let issue = bot.open_bug().await;
        bot.ask(&issue).await;
        issues.push(issue);
    }
    let mut others = vec![with_role(&bot, &file, "work").await.0, with_role(&bot, &file, "work").await.0];
    victim.kill();
    gate.release();
    for issue in &issues {
        bot.next_comment(issue).await;
    }
    idle(&*bed.store).await;
    for issue in &issues {
        assert_eq!(bot.comments_by_bot(issue), 1, "{issue:?}");
    }
    let jobs = bed.store.jobs(None, 100).await.expect("jobs");
    assert_eq!(jobs.len(), TICKETS);
    assert!(jobs.iter().all(|job| job.state == JobState::Done), "{jobs:?}");
    for process in &mut others {
        assert!(process.terminate());
    }
    assert!(receiver.terminate());
    bot.finish().await;
}
