//! Claims, leases and outcomes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures::future::join_all;
use planwright::{
    model::{
        JobId,
        job::{ClaimedJob, JobState},
        publication::Slot,
    },
    store::{JobCounts, Store, StoreError},
};
use tokio::sync::Mutex;

use super::{
    bed::Bed,
    plans::a_plan,
    publications::{a_publication, posted},
    requests::{LONG, asks, claimed, new_job, plan_work, queued, reply_work, stored, ticket},
};

/// A lease that has ended by the time anyone looks.
const SHORT: Duration = Duration::from_millis(1);

/// Sweeps until a lease has ended; returns (queued again, dead).
async fn swept(store: &dyn Store, max_attempts: u32) -> (u64, u64) {
    loop {
        let swept = store.sweep_leases(max_attempts).await.expect("the sweep works");
        if swept != (0, 0) {
            return swept;
        }
    }
}

fn is_stale<T>(result: Result<T, StoreError>, job: JobId) -> bool {
    matches!(result, Err(StoreError::Stale(stale)) if stale == job)
}

async fn state_of(store: &dyn Store, job: JobId) -> JobState {
    store.job(job).await.unwrap().expect("the job is kept").state
}

pub async fn a_known_key_is_not_queued_twice(bed: &Bed) {
    let job = queued(&*bed.store, "7", "manual:1").await;
    assert_eq!(bed.store.enqueue(new_job("7", "manual:1", plan_work("a"))).await.unwrap(), None);
    assert_ne!(queued(&*bed.store, "8", "manual:1").await, job, "keys count for each ticket");
    assert_eq!(bed.store.jobs(None, 10).await.unwrap().len(), 2);
}

pub async fn a_claim_takes_the_oldest_due_job(bed: &Bed) {
    let first = queued(&*bed.store, "1", "a").await;
    let second = queued(&*bed.store, "2", "a").await;
    let running = claimed(&*bed.store).await;
    assert_eq!((running.id, running.attempt, running.ticket.clone()), (first, 1, ticket("1")));
    assert_eq!((running.work, running.reference.as_str()), (plan_work("a"), "acme/shop#1"));
    let kept = bed.store.job(first).await.unwrap().expect("the job is kept");
    assert_eq!((kept.state, kept.attempt, kept.created_at), (JobState::Running, 1, running.created_at));
    assert!(running.lease_until >= kept.updated_at + 599_000);
    assert_eq!(claimed(&*bed.store).await.id, second);
    assert!(bed.store.claim("worker-1", LONG).await.unwrap().is_none());
}

pub async fn a_ticket_runs_one_job_at_a_time(bed: &Bed) {
    queued(&*bed.store, "7", "a").await;
    let reply = bed.store.enqueue(new_job("7", "b", reply_work())).await.unwrap().expect("the key is new");
    let other = queued(&*bed.store, "8", "a").await;
    let first = claimed(&*bed.store).await;
    assert_eq!(claimed(&*bed.store).await.id, other, "the busy ticket is passed over");
    assert!(bed.store.claim("worker-1", LONG).await.unwrap().is_none());
    bed.store.finish(first.id, first.fence, JobState::Done, "posted").await.unwrap();
    assert_eq!(claimed(&*bed.store).await.id, reply);
}

pub async fn what_was_begun_goes_before_what_waits_for_its_first_turn(bed: &Bed) {
    let begun = queued(&*bed.store, "1", "a").await;
    let first = claimed(&*bed.store).await;
    for ticket in 2..30 {
        queued(&*bed.store, &ticket.to_string(), "a").await;
    }
    bed.store.put_back(first.id, first.fence, Duration::ZERO, "a second look", false).await.unwrap();
    assert_eq!(claimed(&*bed.store).await.id, begun);
    assert_ne!(claimed(&*bed.store).await.id, begun);
}

pub async fn claimers_never_run_two_jobs_of_a_ticket(bed: &Bed) {
    const JOBS: usize = 60;
    for at in 0..JOBS {
        queued(&*bed.store, &(at % 12).to_string(), &format!("key-{at}")).await;
    }
    let replicas = [bed.store.clone(), bed.replica().await, bed.replica().await];
    let running: Arc<Mutex<HashMap<String, JobId>>> = Arc::default();
    let done: Arc<Mutex<Vec<JobId>>> = Arc::default();
    let claimers = (0..8).map(|at| {
        let (store, running, done) = (replicas[at % 3].clone(), running.clone(), done.clone());
        tokio::spawn(async move {
            while done.lock().await.len() < JOBS {
                let Some(job) = store.claim(&format!("worker-{at}"), LONG).await.unwrap() else {
                    store.wait_for_work(Duration::from_millis(20)).await;
                    continue;
                };
                let ticket = job.ticket.id.to_string();
                let other = running.lock().await.insert(ticket.clone(), job.id);
                assert_eq!(other, None, "two jobs of ticket {ticket} run at once");
                store.renew(job.id, job.fence, LONG).await.unwrap();
                running.lock().await.remove(&ticket);
                store.finish(job.id, job.fence, JobState::Done, "posted").await.unwrap();
                done.lock().await.push(job.id);
            }
        })
    });
    for claimer in join_all(claimers).await {
        claimer.expect("no claimer saw two");
    }
    let mut done = done.lock().await.clone();
    done.sort_unstable();
    done.dedup();
    assert_eq!(done.len(), JOBS, "every job ran once");
    for replica in &replicas[1..] {
        replica.close().await;
    }
}

pub async fn renewing_moves_the_end_of_the_lease(bed: &Bed) {
    let job = queued(&*bed.store, "7", "a").await;
    let running = bed.store.claim("worker-1", SHORT).await.unwrap().expect("a job is due");
    let until = bed.store.renew(job, running.fence, LONG).await.unwrap();
    assert!(until >= running.lease_until + 500_000);
    assert_eq!(bed.store.sweep_leases(5).await.unwrap(), (0, 0), "the lease holds again");
}

pub async fn an_ended_lease_queues_the_job_again_and_then_buries_it(bed: &Bed) {
    let job = queued(&*bed.store, "7", "a").await;
    let first = bed.store.claim("worker-1", SHORT).await.unwrap().expect("a job is due");
    assert_eq!(swept(&*bed.store, 2).await, (1, 0));
    let second = bed.store.claim("worker-2", SHORT).await.unwrap().expect("the job is due again");
    assert_eq!((second.id, second.attempt), (job, 2));
    assert!(second.fence > first.fence);
    assert_eq!(swept(&*bed.store, 2).await, (0, 1));
    let dead = bed.store.job(job).await.unwrap().expect("the job is kept");
    assert_eq!(dead.state, JobState::Dead);
    assert_eq!(dead.reason.as_deref(), Some("the lease ended in the last attempt"));
    assert!(bed.store.claim("worker-1", LONG).await.unwrap().is_none());
}

/// Every write that presents a fence, with this one.
async fn fenced_writes(store: &dyn Store, job: &ClaimedJob, prepared: bool) -> Vec<(&'static str, bool)> {
    let (id, fence) = (job.id, job.fence);
    let publication = a_publication(job, Slot::Plan, "body");
    let operation = publication.operation;
    let mut all = vec![
        ("renew", is_stale(store.renew(id, fence, LONG).await, id)),
        ("finish", is_stale(store.finish(id, fence, JobState::Done, "late").await, id)),
        ("put_back", is_stale(store.put_back(id, fence, SHORT, "late", true).await, id)),
        ("prepare", is_stale(store.prepare(publication, fence).await, id)),
        ("save_plan", is_stale(store.save_plan(a_plan(job, "late"), fence).await, id)),
    ];
    if prepared {
        all.extend([
            ("intend", is_stale(store.intend(operation, fence).await, id)),
            ("unsent", is_stale(store.unsent(operation, fence).await, id)),
            ("confirm", is_stale(store.confirm(operation, fence, &posted("1")).await, id)),
            ("detach", is_stale(store.detach(operation, fence).await, id)),
            ("give_up", is_stale(store.give_up(operation, fence, true, "late").await, id)),
        ]);
    }
    all
}

pub async fn a_stale_fence_changes_nothing(bed: &Bed) {
    let store = &*bed.store;
    queued(store, "7", "a").await;
    let old = store.claim("worker-1", SHORT).await.unwrap().expect("a job is due");
    store.prepare(a_publication(&old, Slot::Plan, "body"), old.fence).await.unwrap();
    swept(store, 5).await;
    for (write, stale) in fenced_writes(store, &old, true).await {
        assert!(stale, "{write} of a job that waits again");
    }
    let new = claimed(store).await;
    for (write, stale) in fenced_writes(store, &old, true).await {
        assert!(stale, "{write} beside a newer claim");
    }
    let publication = store.publication_of(new.id).await.unwrap().expect("it was prepared");
    assert_eq!((publication.state.as_str(), publication.attempt), ("ready", 0));
    assert!(store.plan_of(new.id).await.unwrap().is_none());
    store.finish(new.id, new.fence, JobState::Done, "posted").await.unwrap();
    for (write, stale) in fenced_writes(store, &new, true).await {
        assert!(stale, "{write} of a job that ended");
    }
    assert_eq!(state_of(store, new.id).await, JobState::Done);
    let unknown = ClaimedJob { id: JobId(4711), ..new };
    for (write, stale) in fenced_writes(store, &unknown, false).await {
        assert!(stale, "{write} of an unknown job");
    }
}

pub async fn a_job_ends_with_its_reason(bed: &Bed) {
    for (at, state) in [JobState::Done, JobState::Dead, JobState::Cancelled].into_iter().enumerate() {
        let job = queued(&*bed.store, &at.to_string(), "a").await;
        let running = claimed(&*bed.store).await;
        bed.store.finish(job, running.fence, state, "because").await.unwrap();
        let ended = bed.store.job(job).await.unwrap().expect("the job is kept");
        assert_eq!((ended.state, ended.reason.as_deref()), (state, Some("because")));
    }
    queued(&*bed.store, "9", "a").await;
    let running = claimed(&*bed.store).await;
    for state in [JobState::Queued, JobState::Running] {
        let ended = bed.store.finish(running.id, running.fence, state, "no end").await;
        assert!(matches!(ended, Err(StoreError::Broken(_))), "{state:?} is no end");
    }
}

pub async fn a_job_that_is_put_back_waits_its_time(bed: &Bed) {
    let job = queued(&*bed.store, "7", "a").await;
    let running = claimed(&*bed.store).await;
    bed.store.put_back(job, running.fence, LONG, "limit", true).await.unwrap();
    let waiting = bed.store.job(job).await.unwrap().expect("the job is kept");
    assert_eq!((waiting.state, waiting.attempt, waiting.reason.as_deref()), (JobState::Queued, 1, Some("limit")));
    assert!(waiting.run_at >= waiting.updated_at + 599_000);
    assert!(bed.store.claim("worker-1", LONG).await.unwrap().is_none());

    queued(&*bed.store, "8", "a").await;
    let running = claimed(&*bed.store).await;
    bed.store.put_back(running.id, running.fence, Duration::ZERO, "shutdown", false).await.unwrap();
    let again = claimed(&*bed.store).await;
    assert_eq!((again.id, again.attempt), (running.id, 1), "the attempt was given back");
    assert!(again.fence > running.fence);
}

pub async fn cancelling_ends_waiting_plan_jobs_only(bed: &Bed) {
    let store = &*bed.store;
    let waiting = queued(store, "7", "a").await;
    let reply = store.enqueue(new_job("7", "b", reply_work())).await.unwrap().expect("the key is new");
    let other = queued(store, "8", "a").await;
    assert_eq!(store.cancel(&ticket("7")).await.unwrap(), 1);
    assert_eq!(state_of(store, waiting).await, JobState::Cancelled);
    assert_eq!(state_of(store, reply).await, JobState::Queued);
    assert_eq!(state_of(store, other).await, JobState::Queued);
    let first = claimed(store).await;
    let running = claimed(store).await;
    assert_eq!((first.id, running.id), (reply, other));
    assert_eq!(store.cancel(&ticket("8")).await.unwrap(), 0, "a running job is not taken back");
}

pub async fn a_job_whose_bytes_may_be_out_is_not_cancelled(bed: &Bed) {
    let store = &*bed.store;
    let job = queued(store, "7", "a").await;
    let running = claimed(store).await;
    let publication = store.prepare(a_publication(&running, Slot::Plan, "body"), running.fence).await.unwrap();
    store.intend(publication.operation, running.fence).await.unwrap();
    store.put_back(job, running.fence, LONG, "the answer was lost", true).await.unwrap();
    assert_eq!(store.cancel(&ticket("7")).await.unwrap(), 0);
    assert_eq!(state_of(store, job).await, JobState::Queued);
}

pub async fn jobs_are_listed_newest_first(bed: &Bed) {
    let mut made = Vec::new();
    for at in 0..4 {
        made.push(queued(&*bed.store, &(at % 2).to_string(), &format!("key-{at}")).await);
    }
    let ids = |jobs: Vec<planwright::model::job::JobRecord>| jobs.iter().map(|job| job.id).collect::<Vec<_>>();
    assert_eq!(ids(bed.store.jobs(None, 3).await.unwrap()), [made[3], made[2], made[1]]);
    assert_eq!(ids(bed.store.jobs(Some(&ticket("0")), 9).await.unwrap()), [made[2], made[0]]);
    assert!(bed.store.job(JobId(4711)).await.unwrap().is_none());
}

pub async fn counts_name_every_state(bed: &Bed) {
    let store = &*bed.store;
    let counts = |numbers: [u64; 5]| {
        let states = [JobState::Queued, JobState::Running, JobState::Done, JobState::Dead, JobState::Cancelled];
        states.into_iter().zip(numbers).collect::<Vec<_>>()
    };
    let empty = JobCounts { by_state: counts([0; 5]), oldest_due_ms: 0 };
    assert_eq!(store.job_counts().await.unwrap(), empty);
    for at in 0..5 {
        queued(store, &at.to_string(), "a").await;
    }
    for state in [JobState::Done, JobState::Dead] {
        let running = claimed(store).await;
        store.finish(running.id, running.fence, state, "").await.unwrap();
    }
    claimed(store).await;
    store.cancel(&ticket("3")).await.unwrap();
    assert_eq!(store.job_counts().await.unwrap().by_state, counts([1, 1, 1, 1, 1]));
    while store.job_counts().await.unwrap().oldest_due_ms == 0 {}
    let last = claimed(store).await;
    store.put_back(last.id, last.fence, LONG, "later", true).await.unwrap();
    assert_eq!(store.job_counts().await.unwrap().oldest_due_ms, 0, "what is not due has no age");
}

pub async fn waiting_ends_with_a_commit(bed: &Bed) {
    let store = &bed.store;
    // an answer in time proves the wake: the wait itself is an hour
    let wait = || tokio::time::timeout(Duration::from_secs(180), store.wait_for_work(Duration::from_secs(3600)));

    assert!(store.claim("worker-1", LONG).await.unwrap().is_none());
    stored(&**store, asks("guid-1", "7", "a")).await;
    wait().await.expect("a commit between the claim and the wait is not slept through");

    let running = claimed(&**store).await;
    assert!(store.claim("worker-1", LONG).await.unwrap().is_none());
    let (woken, _) = tokio::join!(wait(), queued(&**store, "8", "a"));
    woken.expect("a commit wakes who waits");

    claimed(&**store).await;
    assert!(store.claim("worker-1", LONG).await.unwrap().is_none());
    store.put_back(running.id, running.fence, Duration::from_millis(30), "soon", true).await.unwrap();
    while store.claim("worker-1", LONG).await.unwrap().is_none() {
        wait().await.expect("a job that falls due wakes who waits");
    }
}

pub async fn waiting_without_work_ends_in_time(bed: &Bed) {
    assert!(bed.store.claim("worker-1", LONG).await.unwrap().is_none());
    let wait = bed.store.wait_for_work(Duration::from_millis(5));
    tokio::time::timeout(Duration::from_secs(180), wait).await.expect("the wait ends");
}
