//! Opening, checking and closing.

use futures::future::join_all;
use planwright::{
    model::{
        OperationId,
        delivery::{Received, SkipReason},
    },
    store::{self, StoreError},
};
use uuid::Uuid;

use super::{
    bed::{Bed, FREE, number, sql},
    requests::{LONG, asks, claimed, new_job, plan_work, queued, skips, stored},
};

pub async fn three_starts_at_once_make_one_migration(bed: &Bed) {
    let url = bed.empty_database().await;
    let starts = (0..3).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { store::open(&url, FREE).await })
    });
    let stores: Vec<_> = join_all(starts).await.into_iter().map(|start| start.unwrap().unwrap()).collect();
    let applied = number(&url, "SELECT count(*) FROM migrations").await;
    let newest = number(&url, "SELECT max(version) FROM migrations").await;
    assert_eq!(applied, newest, "each version was applied once");
    for (at, store) in stores.iter().enumerate() {
        queued(&**store, &at.to_string(), "a").await;
    }
    assert_eq!(stores[0].jobs(None, 9).await.unwrap().len(), 3);
    for store in stores {
        store.close().await;
    }
}

pub async fn a_filled_database_opens_again(bed: &Bed) {
    let (delivery, job) = stored(&*bed.store, asks("guid-1", "7", "a")).await;
    claimed(&*bed.store).await;
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    let next = bed.open(FREE).await;
    let found = next.delivery(delivery).await.unwrap().expect("the delivery is still there");
    assert_eq!((found.guid, found.received_at, found.body), (kept.guid, kept.received_at, kept.body));
    assert_eq!(next.receive(asks("guid-1", "7", "a")).await.unwrap(), Received::Repeated { delivery, revived: None });
    assert!(next.claim("worker-2", LONG).await.unwrap().is_none(), "the lease holds over a start");
    assert!(queued(&*next, "8", "a").await > job);
    next.close().await;
}

pub async fn a_newer_database_is_refused(bed: &Bed) {
    sql(&bed.url, "INSERT INTO migrations (version, name, applied_at) VALUES (9999, '9999_later', 0)").await;
    match store::open(&bed.url, FREE).await {
        Err(StoreError::Broken(why)) => assert!(why.contains("schema version 9999"), "{why}"),
        Err(other) => panic!("refused as {other:?}"),
        Ok(_) => panic!("a newer schema was opened"),
    }
}

pub async fn a_check_writes_and_reads(bed: &Bed) {
    bed.store.check().await.expect("the store works");
    assert!(number(&bed.url, "SELECT checked_at FROM sequence").await > 0);
    sql(&bed.url, "DELETE FROM sequence").await;
    assert!(matches!(bed.store.check().await, Err(StoreError::Broken(_))));
}

pub async fn a_closed_store_is_unavailable(bed: &Bed) {
    let store = bed.open(FREE).await;
    store.close().await;
    store.close().await;
    let unavailable = |error: Option<StoreError>| matches!(error, Some(StoreError::Unavailable(_)));
    assert!(unavailable(store.receive(asks("guid-1", "7", "a")).await.err()));
    assert!(unavailable(store.claim("worker-1", LONG).await.err()));
    assert!(unavailable(store.jobs(None, 1).await.err()));
    assert!(unavailable(store.check().await.err()));
}

pub async fn closing_answers_whoever_waits(bed: &Bed) {
    let store = bed.open(FREE).await;
    let guids: Vec<String> = (0..50).map(|at| format!("guid-{at}")).collect();
    // all are queued before the close begins: the futures are polled in their order
    let receipts = join_all(guids.iter().map(|guid| store.receive(skips(guid, SkipReason::Ping))));
    let (received, ()) = tokio::join!(receipts, store.close());
    assert!(received.iter().all(|received| matches!(received, Ok(Received::Stored { .. }))), "{received:?}");
    assert_eq!(bed.store.deliveries(100).await.unwrap().len(), 50);
}

pub async fn a_write_that_fails_takes_no_other_with_it(bed: &Bed) {
    let (store, nobodys) = (&bed.store, OperationId(Uuid::from_u128(1)));
    let all = join_all((0..60).map(|at| async move {
        if at % 5 == 0 {
            store.intend(nobodys, 1).await.map(|_| None)
        } else {
            store.enqueue(new_job(&at.to_string(), "a", plan_work("a"))).await
        }
    }));
    let done = all.await;
    assert_eq!(done.iter().filter(|done| matches!(done, Err(StoreError::Broken(_)))).count(), 12);
    assert_eq!(done.iter().filter(|done| matches!(done, Ok(Some(_)))).count(), 48);
    assert_eq!(bed.store.jobs(None, 100).await.unwrap().len(), 48);
}
