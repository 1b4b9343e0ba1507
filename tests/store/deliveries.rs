//! Receiving, reading and forgetting deliveries.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use planwright::{
    model::{
        ConnectionName,
        delivery::{Decision, Received, Request, SkipReason},
        job::{JobState, Work},
        publication::Slot,
    },
    store::Caps,
};

use super::{
    bed::Bed,
    plans::a_plan,
    publications::{a_publication, posted},
    requests::{asks, claimed, plan_work, queued, receipt, reply_work, request, skips, stored, ticket},
};

const NOW: Duration = Duration::ZERO;

pub async fn a_delivery_is_kept_with_its_body_and_decision(bed: &Bed) {
    let receipt = asks("guid-1", "7", "label:1");
    let (delivery, job) = stored(&*bed.store, receipt.clone()).await;
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    assert_eq!(kept.connection, receipt.connection);
    assert_eq!((kept.guid.as_str(), kept.event.as_str()), ("guid-1", "issues"));
    assert_eq!(kept.decision, receipt.decision);
    assert_eq!(kept.ticket, Some(ticket("7")));
    assert_eq!(kept.job, Some(job));
    assert_eq!(kept.body.as_deref(), Some(&b"body of guid-1"[..]));
    let job = bed.store.job(job).await.unwrap().expect("the job is kept");
    assert_eq!((job.state, job.attempt), (JobState::Queued, 0));
    assert_eq!((job.work, job.reference.as_str()), (plan_work("label:1"), "acme/shop#7"));
    assert_eq!(job.created_at, kept.received_at);
}

pub async fn a_skip_is_kept_without_a_job(bed: &Bed) {
    let received = bed.store.receive(skips("guid-1", SkipReason::NoRuleMatched("no label".into()))).await.unwrap();
    let Received::Stored { delivery, job: None } = received else { panic!("stored as {received:?}") };
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    assert_eq!(kept.decision, Decision::Skip(SkipReason::NoRuleMatched("no label".into())));
    assert_eq!((kept.ticket, kept.job, kept.body), (None, None, None));
    assert!(bed.store.jobs(None, 10).await.unwrap().is_empty());
}

pub async fn the_newest_deliveries_come_first_and_without_bodies(bed: &Bed) {
    for at in 1..=3 {
        stored(&*bed.store, asks(&format!("guid-{at}"), &at.to_string(), "label:1")).await;
    }
    let listed = bed.store.deliveries(2).await.unwrap();
    let guids: Vec<_> = listed.iter().map(|delivery| delivery.guid.as_str()).collect();
    assert_eq!(guids, ["guid-3", "guid-2"]);
    assert!(listed.iter().all(|delivery| delivery.body.is_none()));
}

pub async fn the_same_guid_a_hundred_times_at_once_is_one_row(bed: &Bed) {
    let replicas = [bed.store.clone(), bed.replica().await, bed.replica().await];
    let all = (0..100).map(|at| {
        let store = Arc::clone(&replicas[at % replicas.len()]);
        tokio::spawn(async move { store.receive(asks("guid-1", "7", "label:1")).await })
    });
    let received: Vec<Received> = join_all(all).await.into_iter().map(|done| done.unwrap().unwrap()).collect();
    let new = received.iter().filter(|received| matches!(received, Received::Stored { .. })).count();
    let again = received.iter().filter(|received| matches!(received, Received::Repeated { revived: None, .. })).count();
    assert_eq!((new, again), (1, 99));
    assert_eq!(bed.store.deliveries(10).await.unwrap().len(), 1);
    assert_eq!(bed.store.jobs(None, 10).await.unwrap().len(), 1);
    for replica in &replicas[1..] {
        replica.close().await;
    }
}

pub async fn the_same_request_under_a_new_guid_was_asked_already(bed: &Bed) {
    let (first, _) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    let received = bed.store.receive(asks("guid-2", "7", "label:1")).await.unwrap();
    let Received::Skipped { delivery, reason } = received else { panic!("received as {received:?}") };
    assert_eq!(reason, SkipReason::AlreadyAsked(first.0));
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    assert_eq!(kept.decision, Decision::Skip(reason));
    assert_eq!(kept.ticket, Some(ticket("7")));
    assert_eq!(bed.store.jobs(None, 10).await.unwrap().len(), 1);
}

pub async fn a_plan_request_joins_the_waiting_plan_job(bed: &Bed) {
    let (_, job) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    let received = bed.store.receive(asks("guid-2", "7", "command:2")).await.unwrap();
    let Received::Coalesced { delivery, job: joined } = received else { panic!("received as {received:?}") };
    assert_eq!(joined, job);
    let claimed = claimed(&*bed.store).await;
    assert_eq!((claimed.id, claimed.work), (job, plan_work("command:2")));
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    assert_eq!(kept.job, Some(job));
    assert!(matches!(kept.decision, Decision::Run(_)));
    assert!(bed.store.claim("worker-1", super::requests::LONG).await.unwrap().is_none());
}

pub async fn another_persons_request_does_not_join(bed: &Bed) {
    let by = |person: &str, guid: &str, key: &str| {
        receipt(guid, Request { asked_by: person.into(), ..request("7", key, plan_work(key)) })
    };
    let (_, miras) = stored(&*bed.store, by("mira", "guid-1", "command:1")).await;
    let (_, stens) = stored(&*bed.store, by("sten", "guid-2", "command:2")).await;
    assert_ne!(stens, miras, "whoever may not ask would end the other one's request");
    let again = [("sten", "guid-3", "command:3", stens), ("mira", "guid-4", "command:4", miras)];
    for (person, guid, key, job) in again {
        let received = bed.store.receive(by(person, guid, key)).await.unwrap();
        assert!(matches!(received, Received::Coalesced { job: joined, .. } if joined == job), "{received:?}");
    }
    assert_eq!(bed.store.job(miras).await.unwrap().expect("it waits").work, plan_work("command:4"));
    // the same inside one commit
    let at_once = ["mira", "sten", "mira", "sten"].iter().enumerate();
    let guids: Vec<_> = at_once.map(|(at, person)| (format!("at-once-{at}"), *person)).collect();
    let receipts = guids.iter().map(|(guid, person)| {
        receipt(guid, Request { asked_by: (*person).into(), ..request("8", guid, plan_work(guid)) })
    });
    join_all(receipts.map(|receipt| bed.store.receive(receipt))).await;
    assert_eq!(bed.store.jobs(Some(&ticket("8")), 10).await.unwrap().len(), 2);
}

pub async fn requests_of_one_group_follow_the_same_rules(bed: &Bed) {
    // all of them wait at once, so most share a commit
    let all = (0..40).flat_map(|id| {
        ["label:1", "label:1", "command:2", "command:3"].into_iter().enumerate().map(move |(at, key)| {
            let store = bed.store.clone();
            async move { store.receive(asks(&format!("guid-{id}-{at}"), &id.to_string(), key)).await.unwrap() }
        })
    });
    let received = join_all(all).await;
    let count = |is: fn(&Received) -> bool| received.iter().filter(|received| is(received)).count();
    assert_eq!(count(|r| matches!(r, Received::Stored { job: Some(_), .. })), 40);
    assert_eq!(count(|r| matches!(r, Received::Skipped { reason: SkipReason::AlreadyAsked(_), .. })), 40);
    assert_eq!(count(|r| matches!(r, Received::Coalesced { .. })), 80);
    let jobs = bed.store.jobs(None, 100).await.unwrap();
    assert_eq!(jobs.len(), 40);
    assert!(jobs.iter().all(|job| job.work == plan_work("command:3")), "the newest request is what is done");
}

pub async fn a_reply_never_joins(bed: &Bed) {
    stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    stored(&*bed.store, receipt("guid-2", request("7", "help:2", reply_work()))).await;
    stored(&*bed.store, receipt("guid-3", request("7", "help:3", reply_work()))).await;
    assert_eq!(bed.store.jobs(Some(&ticket("7")), 10).await.unwrap().len(), 3);
}

pub async fn a_running_job_is_not_joined(bed: &Bed) {
    let (_, running) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    claimed(&*bed.store).await;
    let (_, next) = stored(&*bed.store, asks("guid-2", "7", "command:2")).await;
    assert_ne!(next, running);
}

pub async fn a_job_that_has_stored_its_plan_is_not_joined(bed: &Bed) {
    let (_, first) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    let running = claimed(&*bed.store).await;
    bed.store.save_plan(a_plan(&running, "first"), running.fence).await.unwrap();
    bed.store.put_back(first, running.fence, NOW, "the tracker waits", true).await.unwrap();
    // the body of the first is fixed: a request that joined it would never be answered
    let (_, next) = stored(&*bed.store, asks("guid-2", "7", "command:2")).await;
    assert_ne!(next, first);
}

pub async fn a_redelivery_revives_a_dead_job_once(bed: &Bed) {
    let (delivery, job) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    let running = claimed(&*bed.store).await;
    let publication = bed.store.prepare(a_publication(&running, Slot::Plan, "body"), running.fence).await.unwrap();
    bed.store.give_up(publication.operation, running.fence, false, "no permission").await.unwrap();
    bed.store.finish(job, running.fence, JobState::Dead, "no permission").await.unwrap();

    let again = bed.store.receive(asks("guid-1", "7", "label:1")).await.unwrap();
    assert_eq!(again, Received::Repeated { delivery, revived: Some(job) });
    let third = bed.store.receive(asks("guid-1", "7", "label:1")).await.unwrap();
    assert_eq!(third, Received::Repeated { delivery, revived: None });

    let revived = claimed(&*bed.store).await;
    assert_eq!((revived.id, revived.attempt), (job, 1));
    assert!(revived.fence > running.fence);
    let intended = bed.store.intend(publication.operation, revived.fence).await.unwrap();
    assert_eq!((intended.body.as_str(), intended.attempt), ("body", 1));
}

pub async fn caps_hold_within_the_hour(bed: &Bed) {
    let store = bed.next(Caps { per_ticket: 2, per_person: 3 }).await;
    stored(&*store, asks("guid-1", "7", "label:1")).await;
    store.receive(asks("guid-2", "7", "label:2")).await.unwrap();
    let received = store.receive(asks("guid-3", "7", "label:3")).await.unwrap();
    assert!(matches!(received, Received::Skipped { reason: SkipReason::TicketCap(2), .. }), "{received:?}");
    stored(&*store, asks("guid-4", "8", "label:1")).await;
    let received = store.receive(asks("guid-5", "9", "label:1")).await.unwrap();
    assert!(matches!(received, Received::Skipped { reason: SkipReason::PersonCap(3), .. }), "{received:?}");
    let mut other = asks("guid-6", "9", "label:1");
    if let Decision::Run(request) = &mut other.decision {
        request.asked_by = "noor".into();
    }
    stored(&*store, other).await;
    store.close().await;
}

pub async fn caps_hold_inside_one_group(bed: &Bed) {
    let store = bed.next(Caps { per_ticket: 0, per_person: 5 }).await;
    let guids: Vec<String> = (0..30).map(|at| format!("guid-{at}")).collect();
    let received = join_all(guids.iter().map(|guid| store.receive(asks(guid, guid, "label:1")))).await;
    let made = received.iter().filter(|r| matches!(r, Ok(Received::Stored { .. }))).count();
    let full =
        received.iter().filter(|r| matches!(r, Ok(Received::Skipped { reason: SkipReason::PersonCap(5), .. }))).count();
    assert_eq!((made, full), (5, 25));
    store.close().await;
}

pub async fn known_guids_are_named_for_their_connection(bed: &Bed) {
    for at in 0..70 {
        bed.store.receive(skips(&format!("guid-{at}"), SkipReason::Ping)).await.unwrap();
    }
    let asked: Vec<String> = (60..140).map(|at| format!("guid-{at}")).collect();
    let known = bed.store.known_guids(&ConnectionName::new("acme-github"), &asked).await.unwrap();
    assert_eq!(known, (60..70).map(|at| format!("guid-{at}")).collect::<Vec<_>>());
    assert!(bed.store.known_guids(&ConnectionName::new("other"), &asked).await.unwrap().is_empty());
    assert!(bed.store.known_guids(&ConnectionName::new("acme-github"), &[]).await.unwrap().is_empty());
}

pub async fn nul_is_replaced_in_every_text(bed: &Bed) {
    let mut receipt = asks("guid\0-1", "7\0", "label\0:1");
    receipt.event = "iss\0ues".into();
    let (delivery, job) = stored(&*bed.store, receipt.clone()).await;
    let kept = bed.store.delivery(delivery).await.unwrap().expect("the delivery is kept");
    assert_eq!((kept.guid.as_str(), kept.event.as_str()), ("guid\u{FFFD}-1", "iss\u{FFFD}ues"));
    assert_eq!(kept.ticket, Some(ticket("7\u{FFFD}")));
    let Decision::Run(request) = kept.decision else { panic!("a request was stored") };
    assert_eq!(request.ticket, ticket("7\u{FFFD}"));
    assert_eq!(bed.store.receive(receipt).await.unwrap(), Received::Repeated { delivery, revived: None });
    let known = bed.store.known_guids(&kept.connection, &["guid\0-1".into()]).await.unwrap();
    assert_eq!(known, ["guid\0-1"]);
    let running = claimed(&*bed.store).await;
    assert_eq!(running.work, plan_work("label\0:1"), "json keeps the escape");
    bed.store.finish(job, running.fence, JobState::Done, "po\0sted").await.unwrap();
    let ended = bed.store.job(job).await.unwrap().expect("the job is kept");
    assert_eq!(ended.reason.as_deref(), Some("po\u{FFFD}sted"));
}

pub async fn a_large_group_is_stored_whole(bed: &Bed) {
    let guids: Vec<String> = (0..333).map(|at| format!("guid-{at}")).collect();
    let received = join_all(guids.iter().map(|guid| bed.store.receive(asks(guid, guid, "label:1")))).await;
    assert!(received.iter().all(|received| matches!(received, Ok(Received::Stored { job: Some(_), .. }))));
    let listed = bed.store.deliveries(1000).await.unwrap();
    assert_eq!(listed.len(), 333);
    for delivery in listed {
        let kept = bed.store.delivery(delivery.id).await.unwrap().expect("the delivery is kept");
        assert_eq!(kept.body, Some(format!("body of {}", kept.guid).into_bytes()));
        let job = bed.store.job(kept.job.expect("it made a job")).await.unwrap().expect("the job is kept");
        assert_eq!(Some(job.ticket), kept.ticket);
    }
}

pub async fn purge_forgets_what_ended_and_keeps_plans(bed: &Bed) {
    let store = &*bed.store;
    stored(store, asks("planned", "1", "label:1")).await;
    let planned = claimed(store).await;
    let plan = store.save_plan(a_plan(&planned, "kept"), planned.fence).await.unwrap();
    let standing = store.prepare(a_publication(&planned, Slot::Plan, "plan"), planned.fence).await.unwrap();
    store.confirm(standing.operation, planned.fence, &posted("100")).await.unwrap();
    store.finish(planned.id, planned.fence, JobState::Done, "posted").await.unwrap();

    stored(store, receipt("replied", request("2", "help:1", reply_work()))).await;
    let replied = claimed(store).await;
    store.prepare(a_publication(&replied, Slot::Reply, "help"), replied.fence).await.unwrap();
    store.finish(replied.id, replied.fence, JobState::Done, "posted").await.unwrap();
    store.receive(skips("skipped", SkipReason::Ping)).await.unwrap();
    let (_, waiting) = stored(store, asks("waiting", "3", "label:1")).await;

    assert_eq!(store.purge(Duration::from_secs(3600)).await.unwrap(), 0, "nothing is an hour old");
    // the database's clock has to pass the end of what is to be forgotten
    while store.job(replied.id).await.unwrap().is_some() {
        store.purge(NOW).await.unwrap();
    }
    let left = store.deliveries(10).await.unwrap();
    assert_eq!(left.iter().map(|delivery| delivery.guid.as_str()).collect::<Vec<_>>(), ["waiting"]);
    assert_eq!(store.jobs(None, 10).await.unwrap().iter().map(|job| job.id).collect::<Vec<_>>(), [waiting]);
    assert!(store.publication_of(replied.id).await.unwrap().is_none());
    assert_eq!(store.plan(plan.id).await.unwrap(), Some(plan));
    assert_eq!(store.standing(&ticket("1"), Slot::Plan).await.unwrap().map(|p| p.operation), Some(standing.operation));
    let next = queued(store, "4", "label:1").await;
    assert!(next > waiting, "numbers are not given out twice");
}

pub async fn a_replay_after_the_purge_asks_for_nothing(bed: &Bed) {
    let (first, job) = stored(&*bed.store, asks("guid-1", "7", "label:1")).await;
    let running = claimed(&*bed.store).await;
    bed.store.finish(job, running.fence, JobState::Done, "posted").await.unwrap();
    while bed.store.delivery(first).await.unwrap().is_some() {
        bed.store.purge(NOW).await.unwrap();
    }
    let received = bed.store.receive(asks("guid-1", "7", "label:1")).await.unwrap();
    let Received::Skipped { reason, .. } = received else { panic!("received as {received:?}") };
    assert_eq!(reason, SkipReason::AlreadyAsked(first.0));
    assert!(bed.store.claim("worker-1", super::requests::LONG).await.unwrap().is_none());
    let Work::Plan(_) = running.work else { panic!("a plan was asked for") };
}
