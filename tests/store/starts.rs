//! Opening, checking and closing.

use std::time::Duration;

use futures::future::join_all;
use planwright::{
    model::{
        CommentId, DeliveryId, OperationId,
        delivery::{Received, SkipReason},
        job::JobState,
        publication::Slot,
    },
    store::{self, StoreError},
};
use uuid::Uuid;

use super::{
    bed::{Bed, FREE, number, script, sql},
    requests::{LONG, asks, claimed, new_job, plan_work, queued, skips, stored, ticket},
};

/// The newest version of the schema.
const NEWEST: i64 = 5;

pub async fn starts_at_once_make_one_migration(bed: &Bed) {
    let url = bed.empty_database().await;
    let starts = (0..3).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { store::open(&url, FREE).await })
    });
    let mut stores = Vec::new();
    for start in join_all(starts).await {
        match start.expect("a start does not panic") {
            Ok(store) => stores.push(store),
            Err(StoreError::Unavailable(why)) => assert!(why.contains("postgresql for several"), "{why}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(stores.len(), if store::is_shared(&url) { 3 } else { 1 });
    let applied = number(&url, "SELECT count(*) FROM migrations").await;
    let newest = number(&url, "SELECT max(version) FROM migrations").await;
    assert_eq!(applied, newest, "each version was applied once");
    for (at, store) in stores.iter().enumerate() {
        queued(&**store, &at.to_string(), "a").await;
    }
    assert_eq!(stores[0].jobs(None, 9).await.unwrap().len(), stores.len());
    for store in stores {
        store.close().await;
    }
}

/// A database that the first version's SQL made, with a ticket that was answered and one that is being answered.
async fn version_1(bed: &Bed) -> String {
    let url = bed.empty_database().await;
    let start = match store::is_shared(&url) {
        true => include_str!("../../src/store/migrations/postgres/0001_start.sql"),
        false => include_str!("../../src/store/migrations/sqlite/0001_start.sql"),
    };
    script(&url, start).await;
    let packed = lz4_flex::compress_prepend_size(b"{\"zen\":\"old\"}");
    let body = match store::is_shared(&url) {
        true => format!("'\\x{}'::bytea", hex::encode(&packed)),
        false => format!("X'{}'", hex::encode(&packed)),
    };
    script(
        &url,
        "CREATE TABLE migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL); \
         INSERT INTO migrations VALUES (1, '0001_start', 1000); \
         UPDATE sequence SET delivery = 1, job = 2; \
         INSERT INTO deliveries (id, connection, guid, event, received_at, decision, body_at, body_length) \
            VALUES (1, 'acme-github', 'guid-1', 'issues', 1000, '{\"skip\":\"ping\"}', 0, BODY_LENGTH); \
         INSERT INTO bodies (first, last, bytes) VALUES (1, 1, BODY); \
         INSERT INTO jobs (id, connection, ticket, semantic_key, asked_by, asked_in, reference, kind, work, state, \
            attempt, fence, owner, lease_until, created_at, run_at, updated_at) \
            SELECT 1, 'acme-github', '7', 'a', 'mara', 0, 'acme/shop#7', 'plan', WORK, 'done', 1, 1, NULL, \
                CAST(NULL AS BIGINT), 1000, 1000, 2000 \
            UNION ALL SELECT 2, 'acme-github', '8', 'a', 'mara', 0, 'acme/shop#8', 'plan', WORK, 'running', 1, 1, \
                'worker-1', 9000000000000, 1000, 1000, 2000; \
         INSERT INTO publications (operation, job, connection, ticket, slot, body, marker, state, attempt, comment, \
            intended_at, confirmed_at, created_at) \
            SELECT '00000000-0000-0000-0000-000000000001', 1, 'acme-github', '7', 'plan', 'b', 'm', 'confirmed', 1, \
                '100', 1500, 1600, 1000 \
            UNION ALL SELECT '00000000-0000-0000-0000-000000000002', 2, 'acme-github', '8', 'plan', 'b', 'm', \
                'intended', 1, NULL, 1500, NULL, 1000"
            .replace("BODY_LENGTH", &packed.len().to_string())
            .replace("BODY", &body)
            .replace("WORK", &format!("'{}'", serde_json::to_string(&plan_work("a")).expect("json")))
            .as_str(),
    )
    .await;
    url
}

pub async fn a_database_of_version_1_comes_up_with_its_rows(bed: &Bed) {
    let url = version_1(bed).await;
    let store = store::open(&url, FREE).await.expect("an older database opens");
    assert_eq!(number(&url, "SELECT max(version) FROM migrations").await, NEWEST);
    let delivery = store.delivery(DeliveryId(1)).await.unwrap().expect("an old delivery is read");
    assert_eq!((delivery.guid.as_str(), delivery.body.as_deref()), ("guid-1", Some(&b"{\"zen\":\"old\"}"[..])));
    let states: Vec<_> = store.jobs(None, 9).await.unwrap().into_iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Running, JobState::Done]);
    let standing = store.standing(&ticket("7"), Slot::Plan).await.unwrap().expect("the answer still stands");
    assert_eq!((standing.body.as_str(), standing.comment), ("b", Some(CommentId::new("100"))));
    let left = store.looked_empty(OperationId(Uuid::from_u128(2)), 1, LONG).await;
    assert_eq!(left.unwrap(), LONG, "what was under way is reconciled from its start");
    assert_eq!(queued(&*store, "9", "a").await.0, 3);
    store.close().await;
}

pub async fn an_old_database_is_not_read_before_it_was_served(bed: &Bed) {
    let url = version_1(bed).await;
    let refused = store::open_reading(&url).await.err();
    assert!(matches!(&refused, Some(StoreError::Broken(why)) if why.contains("schema version 1")), "{refused:?}");
    assert_eq!(number(&url, "SELECT max(version) FROM migrations").await, 1);
}

pub async fn a_filled_database_opens_again(bed: &Bed) {
    let (delivery, job) = stored(&*bed.store, asks("guid-1", "7", "a")).await;
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    let next = bed.next(FREE).await;
    let found = next.delivery(delivery).await.unwrap().expect("the delivery is still there");
    assert_eq!((found.guid, found.received_at, found.body), (kept.guid, kept.received_at, kept.body));
    assert_eq!(next.receive(asks("guid-1", "7", "a")).await.unwrap(), Received::Repeated { delivery, revived: None });
    assert!(queued(&*next, "8", "a").await > job);
    next.close().await;
}

pub async fn what_a_dead_process_ran_is_free_at_the_next_start_of_a_single_process(bed: &Bed) {
    queued(&*bed.store, "7", "a").await;
    queued(&*bed.store, "8", "a").await;
    let first = claimed(&*bed.store).await;
    bed.store.put_back(first.id, first.fence, Duration::ZERO, "once more", true).await.unwrap();
    let dead = [claimed(&*bed.store).await, claimed(&*bed.store).await];
    assert_eq!((dead[0].attempt, dead[1].attempt).max((dead[1].attempt, dead[0].attempt)), (2, 1));
    let next = bed.next(FREE).await;
    if store::is_shared(&bed.url) {
        assert_eq!(next.sweep_leases(2).await.unwrap(), (0, 0), "another replica may still run them");
    } else {
        assert_eq!(next.sweep_leases(2).await.unwrap(), (1, 1), "an attempt that was begun counts");
        let again = claimed(&*next).await;
        assert_eq!((again.attempt, again.fence), (2, 2));
        let late = next.finish(again.id, again.fence - 1, JobState::Done, "late").await;
        assert!(matches!(late, Err(StoreError::Stale(_))), "{late:?}");
    }
    next.close().await;
}

pub async fn reading_beside_a_serving_store_changes_nothing(bed: &Bed) {
    let (delivery, job) = stored(&*bed.store, asks("guid-1", "7", "a")).await;
    let reading = bed.reading().await;
    assert!(reading.delivery(delivery).await.unwrap().expect("it is seen").body.is_some());
    let running = claimed(&*bed.store).await;
    assert_eq!(reading.job(job).await.unwrap().expect("it is seen").state, JobState::Running);
    let broken = |error: Option<StoreError>| matches!(error, Some(StoreError::Broken(why)) if why.contains("reading"));
    assert!(broken(reading.receive(asks("guid-2", "8", "a")).await.err()));
    assert!(broken(reading.claim("worker-2", LONG).await.err()));
    assert!(broken(reading.finish(job, running.fence, JobState::Done, "posted").await.err()));
    assert!(broken(reading.check().await.err()));
    reading.close().await;
    bed.store.finish(job, running.fence, JobState::Done, "posted").await.expect("the serving store goes on");
    assert_eq!(bed.store.deliveries(9).await.unwrap().len(), 1);
}

pub async fn a_newer_database_is_refused(bed: &Bed) {
    bed.store.close().await;
    sql(&bed.url, "INSERT INTO migrations (version, name, applied_at) VALUES (9999, '9999_later', 0)").await;
    for refused in [store::open(&bed.url, FREE).await.err(), store::open_reading(&bed.url).await.err()] {
        let why = match refused {
            Some(StoreError::Broken(why)) => why,
            other => panic!("refused as {other:?}"),
        };
        assert!(why.contains("schema version 9999"), "{why}");
    }
}

pub async fn a_check_writes_and_reads(bed: &Bed) {
    bed.store.check().await.expect("the store works");
    assert!(number(&bed.url, "SELECT checked_at FROM sequence").await > 0);
    sql(&bed.url, "DELETE FROM sequence").await;
    assert!(matches!(bed.store.check().await, Err(StoreError::Broken(_))));
}

pub async fn a_closed_store_is_unavailable(bed: &Bed) {
    let store = bed.next(FREE).await;
    store.close().await;
    store.close().await;
    let unavailable = |error: Option<StoreError>| matches!(error, Some(StoreError::Unavailable(_)));
    assert!(unavailable(store.receive(asks("guid-1", "7", "a")).await.err()));
    assert!(unavailable(store.claim("worker-1", LONG).await.err()));
    assert!(unavailable(store.jobs(None, 1).await.err()));
    assert!(unavailable(store.check().await.err()));
}

pub async fn closing_answers_whoever_waits(bed: &Bed) {
    let store = bed.next(FREE).await;
    let guids: Vec<String> = (0..50).map(|at| format!("guid-{at}")).collect();
    // all are queued before the close begins: the futures are polled in their order
    let receipts = join_all(guids.iter().map(|guid| store.receive(skips(guid, SkipReason::Ping))));
    let (received, ()) = tokio::join!(receipts, store.close());
    assert!(received.iter().all(|received| matches!(received, Ok(Received::Stored { .. }))), "{received:?}");
    let reading = bed.reading().await;
    assert_eq!(reading.deliveries(100).await.unwrap().len(), 50);
    reading.close().await;
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
