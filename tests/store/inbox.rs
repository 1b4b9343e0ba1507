//! Bursts of deliveries: what the inbox keeps is stored as if it had come one by one.

use std::{fs, path::Path, sync::Arc};

use futures::future::join_all;
use planwright::{
    model::{
        DeliveryId, JobId,
        delivery::{Accepted, Body, Receipt, Received},
        job::JobState,
    },
    store::{self, Store, StoreError},
};

use super::{
    bed::{Bed, FREE, number, on_sqlite, sql},
    requests::{asks, claimed, plan_work, stored, ticket},
};

/// Sends all receipts at once.
async fn burst(store: &Arc<dyn Store>, receipts: impl Iterator<Item = Receipt>) -> Vec<Accepted> {
    let accepted = join_all(receipts.map(|receipt| store.accept(receipt))).await;
    accepted.into_iter().collect::<Result<_, StoreError>>().expect("every receipt is accepted")
}

/// Receipts for so many tickets.
fn many(tickets: u32) -> impl Iterator<Item = Receipt> {
    (0..tickets).map(|id| asks(&format!("guid-{id}"), &id.to_string(), "a"))
}

fn kept(accepted: &[Accepted]) -> usize {
    accepted.iter().filter(|accepted| matches!(accepted, Accepted::Kept)).count()
}

pub async fn a_burst_leaves_what_its_receipts_leave_one_by_one(bed: &Bed) {
    let keys = ["label:1", "label:1", "command:2", "command:3"];
    let all = (0..40).flat_map(|id| (0..4).map(move |at| (format!("guid-{id}-{at}"), id.to_string(), keys[at])));
    let receipts: Vec<Receipt> = all.map(|(guid, id, key)| asks(&guid, &id, key)).collect();
    burst(&bed.store, receipts.iter().cloned().chain(receipts.iter().take(20).cloned())).await;
    let jobs = bed.store.jobs(None, 200).await.unwrap();
    assert_eq!(jobs.len(), 40);
    assert!(jobs.iter().all(|job| job.work == plan_work("command:3")), "the newest request is what is done");
    let deliveries = bed.store.deliveries(300).await.unwrap();
    assert_eq!(deliveries.len(), 160, "a delivery that came twice is one");
    for delivery in deliveries {
        let stored = bed.store.delivery(delivery.id).await.unwrap().expect("it is listed");
        assert_eq!(stored.body, Some(format!("body of {}", stored.guid).into_bytes()));
    }
}

pub async fn workers_find_what_a_burst_brought(bed: &Bed) {
    burst(&bed.store, many(60)).await;
    for _ in 0..60 {
        let job = claimed(&*bed.store).await;
        bed.store.finish(job.id, job.fence, JobState::Done, "published").await.unwrap();
    }
}

pub async fn what_comes_after_a_burst_is_stored_after_it(bed: &Bed) {
    burst(&bed.store, many(40)).await;
    let again = bed.store.receive(asks("guid-7", "7", "a")).await.unwrap();
    assert!(matches!(again, Received::Repeated { .. }), "{again:?}");
    let (last, _) = stored(&*bed.store, asks("guid-40", "40", "a")).await;
    assert_eq!(last, DeliveryId(bed.store.deliveries(1).await.unwrap()[0].id.0), "it has the highest number");
    assert_eq!(bed.store.jobs(Some(&ticket("7")), 9).await.unwrap().len(), 1);
}

pub async fn a_large_delivery_waits_for_those_of_the_burst_before_it(bed: &Bed) {
    burst(&bed.store, many(40)).await;
    let body = Some(Body::Packed(lz4_flex::compress_prepend_size(b"{}")));
    let accepted = bed.store.accept(Receipt { body, ..asks("guid-40", "40", "a") }).await.unwrap();
    let last = Received::Stored { delivery: DeliveryId(41), job: Some(JobId(41)) };
    assert_eq!(accepted, Accepted::Decided(last));
}

pub async fn a_receipt_that_comes_alone_is_decided_at_once(bed: &Bed) {
    let accepted = bed.store.accept(asks("guid-1", "7", "a")).await.unwrap();
    assert!(matches!(accepted, Accepted::Decided(Received::Stored { job: Some(_), .. })), "{accepted:?}");
}

/// A copy of the files as a process leaves them that is killed now.
fn killed(bed: &Bed, into: &Path) -> String {
    let file = Path::new(bed.url.trim_start_matches("sqlite://"));
    for ending in ["db", "db-wal"] {
        let to = into.join("planwright").with_extension(ending);
        fs::copy(file.with_extension(ending), to).expect("the file is copied");
    }
    format!("sqlite://{}", into.join("planwright.db").display())
}

// One thread: between the answers and the copy, nothing is stored.
#[tokio::test]
async fn a_burst_is_durable_when_it_is_answered() {
    on_sqlite(async |bed: &Bed| {
        let accepted = burst(&bed.store, many(60)).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = killed(bed, folder.path());
        assert!(kept(&accepted) >= 50, "{accepted:?}");
        assert_eq!(number(&url, "SELECT sum(receipts) FROM inbox").await, kept(&accepted) as i64);
        let next = store::open(&url, FREE).await.expect("what is left opens");
        assert_eq!(next.jobs(None, 100).await.unwrap().len(), 60);
        assert_eq!(next.deliveries(100).await.unwrap().len(), 60);
        assert_eq!(number(&url, "SELECT count(*) FROM inbox").await, 0);
        next.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_damaged_is_held_back_and_holds_nothing_up() {
    on_sqlite(async |bed: &Bed| {
        burst(&bed.store, many(60)).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = killed(bed, folder.path());
        sql(
            &url,
            "INSERT INTO inbox (id, kept_at, receipts, heads, together, bodies) VALUES (0, 0, 1, X'00', 1, X'00')",
        )
        .await;
        let next = store::open(&url, FREE).await.expect("what is left opens");
        assert_eq!(next.jobs(None, 100).await.unwrap().len(), 60);
        assert_eq!(number(&url, "SELECT count(*) FROM inbox WHERE held = 1 AND id = 0").await, 1);
        assert_eq!(number(&url, "SELECT count(*) FROM inbox").await, 1);
        stored(&*next, asks("guid-60", "60", "a")).await;
        next.close().await;
    })
    .await;
}
