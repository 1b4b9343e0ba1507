//! Looks at plans that stand.

use std::time::Duration;

use planwright::{
    model::job::{ClaimedJob, JobState, NewJob, ReviewCause, ReviewRequest, Work},
    store::{Caps, Pace, Store},
};

use super::{
    bed::Bed,
    plans::a_plan,
    requests::{actor, asks, claimed, new_job, queued, stored},
};

/// A look as soon as may be.
const NOW: Pace = Pace { settle: Duration::ZERO, gap: Duration::ZERO };

fn review(id: &str, key: &str) -> NewJob {
    let work = Work::Review(ReviewRequest {
        because_of: actor("mira"),
        project: "acme/shop".into(),
        cause: ReviewCause::Edited,
    });
    NewJob { asked_by: String::new(), ..new_job(id, key, work) }
}

/// Makes and ends a plan job of a ticket.
async fn planned(store: &dyn Store, id: &str, key: &str) -> ClaimedJob {
    queued(store, id, key).await;
    let running = claimed(store).await;
    store.save_plan(a_plan(&running, key), running.fence).await.unwrap();
    store.finish(running.id, running.fence, JobState::Done, "posted").await.unwrap();
    running
}

pub async fn a_review_needs_a_plan(bed: &Bed) {
    let store = &*bed.store;
    assert_eq!(store.review(review("7", "edited:1"), NOW).await.unwrap(), None);
    planned(store, "7", "a").await;
    assert_eq!(store.review(review("8", "edited:1"), NOW).await.unwrap(), None);
    let made = store.review(review("7", "edited:1"), NOW).await.unwrap();
    let running = claimed(store).await;
    assert_eq!((Some(running.id), running.work.kind()), (made, "review"));
}

pub async fn one_review_of_a_ticket_waits(bed: &Bed) {
    let store = &*bed.store;
    planned(store, "7", "a").await;
    let first = store.review(review("7", "edited:1"), NOW).await.unwrap();
    assert!(first.is_some());
    assert_eq!(store.review(review("7", "edited:2"), NOW).await.unwrap(), None, "one waits already");
    let running = claimed(store).await;
    let next = store.review(review("7", "edited:3"), NOW).await.unwrap();
    assert!(next.is_some(), "what changes while it runs is looked at afterwards");
    store.finish(running.id, running.fence, JobState::Done, "nothing is stale").await.unwrap();
    let running = claimed(store).await;
    assert_eq!(Some(running.id), next);
    store.finish(running.id, running.fence, JobState::Done, "nothing is stale").await.unwrap();
    assert_eq!(store.review(review("7", "edited:3"), NOW).await.unwrap(), None, "that was looked at");
}

pub async fn reviews_keep_their_pace(bed: &Bed) {
    let store = &*bed.store;
    let pace = Pace { settle: Duration::from_secs(30), gap: Duration::from_secs(300) };
    planned(store, "7", "a").await;
    let run_at = async |job| {
        let job = store.job(job).await.unwrap().expect("the job is kept");
        job.run_at - job.created_at
    };
    let first = store.review(review("7", "edited:1"), pace).await.unwrap().expect("a job");
    assert_eq!(run_at(first).await, 30_000);
    assert!(store.claim("worker-1", Duration::from_secs(60)).await.unwrap().is_none(), "it is not due");
    planned(store, "8", "a").await;
    let early = store.review(review("8", "edited:1"), NOW).await.unwrap().expect("a job");
    assert_eq!(claimed(store).await.id, early);
    let second = store.review(review("8", "edited:2"), pace).await.unwrap().expect("a job");
    assert!((30_000..=300_000).contains(&run_at(second).await), "{}", run_at(second).await);
    assert!(run_at(second).await > 200_000, "the gap counts from the look before");
}

pub async fn reviews_count_against_no_cap(bed: &Bed) {
    let store = bed.next(Caps { per_ticket: 2, per_person: 0 }).await;
    planned(&*store, "7", "a").await;
    for key in ["edited:1", "edited:2"] {
        store.review(review("7", key), NOW).await.unwrap().expect("a job");
        let running = claimed(&*store).await;
        store.finish(running.id, running.fence, JobState::Done, "nothing is stale").await.unwrap();
    }
    stored(&*store, asks("guid-1", "7", "label:1")).await;
    store.close().await;
}

pub async fn current_plans_are_the_newest_of_each_ticket(bed: &Bed) {
    let store = &*bed.store;
    for (id, key) in [("7", "a"), ("8", "a"), ("7", "b")] {
        planned(store, id, key).await;
    }
    let hour = Duration::from_secs(3600);
    let current = store.current_plans(hour, 9).await.unwrap();
    let mut named: Vec<(&str, u32)> = current.iter().map(|plan| (plan.ticket.id.as_str(), plan.version)).collect();
    named.sort_unstable();
    assert_eq!(named, [("7", 2), ("8", 1)]);
    assert_eq!(store.current_plans(hour, 1).await.unwrap().len(), 1);
    assert!(store.current_plans(Duration::ZERO, 9).await.unwrap().is_empty());
}
