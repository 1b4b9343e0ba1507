//! The outbox.

use std::time::Duration;

use planwright::{
    model::{
        CommentId, OperationId,
        job::{ClaimedJob, JobState},
        publication::{NewPublication, PostedComment, Publication, PublicationState, Slot},
    },
    store::{Store, StoreError},
};
use uuid::Uuid;

use super::{
    bed::{Bed, sql},
    plans::a_plan,
    requests::{claimed, queued, ticket},
};

/// A publication of a job; its operation follows from job and slot.
pub fn a_publication(job: &ClaimedJob, slot: Slot, body: &str) -> NewPublication {
    NewPublication {
        operation: OperationId(Uuid::from_u128(
            0x9000 + job.id.0.unsigned_abs() as u128 * 2 + u128::from(slot == Slot::Reply),
        )),
        job: job.id,
        ticket: job.ticket.clone(),
        slot,
        plan: None,
        body: body.into(),
        marker: format!("marker of {body}"),
        comment: None,
    }
}

pub fn posted(id: &str) -> PostedComment {
    PostedComment { id: CommentId::new(id), url: Some(format!("https://github.example/c/{id}")), body: "b".into() }
}

/// A running job with a prepared plan publication.
async fn prepared(store: &dyn Store, key: &str) -> (ClaimedJob, Publication) {
    queued(store, "7", key).await;
    let running = claimed(store).await;
    let publication = store.prepare(a_publication(&running, Slot::Plan, key), running.fence).await.unwrap();
    (running, publication)
}

async fn confirmed(store: &dyn Store, key: &str, comment: &str) -> Publication {
    let (running, publication) = prepared(store, key).await;
    store.intend(publication.operation, running.fence).await.unwrap();
    store.confirm(publication.operation, running.fence, &posted(comment)).await.unwrap();
    store.finish(running.id, running.fence, JobState::Done, "posted").await.unwrap();
    store.publication_of(running.id).await.unwrap().expect("it is kept")
}

fn is_broken<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Broken(_)))
}

pub async fn a_body_is_rendered_once(bed: &Bed) {
    let store = &*bed.store;
    queued(store, "7", "a").await;
    let running = claimed(store).await;
    let plan = store.save_plan(a_plan(&running, "a"), running.fence).await.unwrap();
    let new = NewPublication {
        plan: Some(plan.id),
        comment: Some(CommentId::new("55")),
        ..a_publication(&running, Slot::Plan, "first")
    };
    let first = store.prepare(new.clone(), running.fence).await.unwrap();
    assert_eq!((first.operation, first.job, &first.ticket), (new.operation, running.id, &ticket("7")));
    assert_eq!((first.body.as_str(), first.marker.as_str()), ("first", "marker of first"));
    assert_eq!((first.state, first.attempt, first.intended_at), (PublicationState::Ready, 0, None));
    assert_eq!((first.plan, &first.comment), (Some(plan.id), &new.comment));
    let other = NewPublication { operation: OperationId(Uuid::from_u128(1)), body: "second".into(), ..new };
    assert_eq!(store.prepare(other, running.fence).await.unwrap(), first);
    assert_eq!(store.publication_of(running.id).await.unwrap(), Some(first));
}

pub async fn an_intent_counts_and_keeps_its_first_time(bed: &Bed) {
    let store = &*bed.store;
    let (running, publication) = prepared(store, "a").await;
    let first = store.intend(publication.operation, running.fence).await.unwrap();
    assert_eq!((first.state, first.attempt), (PublicationState::Intended, 1));
    assert!(first.intended_at.is_some_and(|at| at >= first.created_at));
    let second = store.intend(publication.operation, running.fence).await.unwrap();
    assert_eq!((second.attempt, second.intended_at), (2, first.intended_at));
    store.unsent(publication.operation, running.fence).await.unwrap();
    let back = store.publication_of(running.id).await.unwrap().expect("it is kept");
    assert_eq!((back.state, back.attempt), (PublicationState::Ready, 2));
}

pub async fn a_confirmed_publication_stands(bed: &Bed) {
    let store = &*bed.store;
    assert!(store.standing(&ticket("7"), Slot::Plan).await.unwrap().is_none());
    let first = confirmed(store, "a", "100").await;
    assert_eq!((first.state, first.comment.clone()), (PublicationState::Confirmed, Some(CommentId::new("100"))));
    assert_eq!(first.url.as_deref(), Some("https://github.example/c/100"));
    assert_eq!(store.standing(&ticket("7"), Slot::Plan).await.unwrap(), Some(first));
    let second = confirmed(store, "b", "100").await;
    assert_eq!(store.standing(&ticket("7"), Slot::Plan).await.unwrap().map(|p| p.operation), Some(second.operation));
    assert!(store.standing(&ticket("7"), Slot::Reply).await.unwrap().is_none());
    assert!(store.standing(&ticket("8"), Slot::Plan).await.unwrap().is_none());
    let newest: Vec<_> = store.publications(5).await.unwrap().into_iter().map(|p| p.body).collect();
    assert_eq!(newest, ["b", "a"]);
}

pub async fn steps_out_of_order_are_refused(bed: &Bed) {
    let store = &*bed.store;
    let (running, publication) = prepared(store, "a").await;
    let (operation, fence) = (publication.operation, running.fence);
    store.intend(operation, fence).await.unwrap();
    assert!(is_broken(store.detach(operation, fence).await), "bytes may be on their way to the comment");
    store.confirm(operation, fence, &posted("100")).await.unwrap();
    store.confirm(operation, fence, &posted("100")).await.expect("the answer to a confirmation may be lost");
    assert!(is_broken(store.intend(operation, fence).await));
    assert!(is_broken(store.unsent(operation, fence).await));
    assert!(is_broken(store.give_up(operation, fence, false, "late").await));
    let unknown = OperationId(Uuid::from_u128(1));
    assert!(is_broken(store.intend(unknown, fence).await));
    assert!(is_broken(store.looked_again(unknown, None).await));
}

pub async fn a_lost_comment_is_detached(bed: &Bed) {
    let store = &*bed.store;
    queued(store, "7", "a").await;
    let running = claimed(store).await;
    let new = NewPublication { comment: Some(CommentId::new("55")), ..a_publication(&running, Slot::Plan, "a") };
    let publication = store.prepare(new, running.fence).await.unwrap();
    store.detach(publication.operation, running.fence).await.unwrap();
    assert_eq!(store.publication_of(running.id).await.unwrap().expect("it is kept").comment, None);
}

pub async fn giving_up_says_why(bed: &Bed) {
    let store = &*bed.store;
    for (key, parked, end) in [("a", false, PublicationState::Failed), ("b", true, PublicationState::Parked)] {
        let (running, publication) = prepared(store, key).await;
        store.intend(publication.operation, running.fence).await.unwrap();
        store.give_up(publication.operation, running.fence, parked, "locked").await.unwrap();
        let ended = store.publication_of(running.id).await.unwrap().expect("it is kept");
        assert_eq!((ended.state, ended.reason.as_deref()), (end, Some("locked")));
        assert!(is_broken(store.intend(publication.operation, running.fence).await));
        store.finish(running.id, running.fence, JobState::Dead, "locked").await.unwrap();
    }
    assert!(store.standing(&ticket("7"), Slot::Plan).await.unwrap().is_none());
}

pub async fn a_second_look_is_due_once(bed: &Bed) {
    let store = &*bed.store;
    let first = confirmed(store, "a", "100").await;
    let second = confirmed(store, "b", "101").await;
    prepared(store, "c").await;
    assert!(store.due_second_looks(Duration::from_secs(60), 10).await.unwrap().is_empty());
    let due = store.due_second_looks(Duration::ZERO, 10).await.unwrap();
    assert_eq!(due.iter().map(|p| p.operation).collect::<Vec<_>>(), [first.operation, second.operation]);
    assert_eq!(store.due_second_looks(Duration::ZERO, 1).await.unwrap().len(), 1);
    store.looked_again(first.operation, Some(&CommentId::new("99"))).await.unwrap();
    store.looked_again(second.operation, None).await.unwrap();
    assert!(store.due_second_looks(Duration::ZERO, 10).await.unwrap().is_empty());
    let kept = |publication: Option<Publication>| publication.and_then(|p| p.comment).map(|c| c.to_string());
    assert_eq!(kept(store.publication_of(first.job).await.unwrap()).as_deref(), Some("99"));
    assert_eq!(kept(store.publication_of(second.job).await.unwrap()).as_deref(), Some("101"));
}

pub async fn two_empty_listings_apart_allow_to_send_again(bed: &Bed) {
    const HOUR: Duration = Duration::from_secs(3600);
    const GAP: Duration = Duration::from_millis(40);
    let store = &*bed.store;
    let (running, publication) = prepared(store, "a").await;
    let (operation, fence) = (publication.operation, running.fence);
    store.intend(operation, fence).await.unwrap();
    assert_eq!(store.looked_empty(operation, fence, HOUR).await.unwrap(), HOUR, "the first listing starts the gap");
    let left = store.looked_empty(operation, fence, HOUR).await.unwrap();
    assert!(left > Duration::ZERO && left <= HOUR, "{left:?}");
    let mut looks = 0;
    while !store.looked_empty(operation, fence, GAP).await.unwrap().is_zero() {
        looks += 1;
        assert!(looks < 1_000_000, "the gap never passes");
    }
    store.intend(operation, fence).await.unwrap();
    assert_eq!(store.looked_empty(operation, fence, HOUR).await.unwrap(), HOUR, "a new intent starts anew");
}

pub async fn an_empty_listing_counts_for_the_owner_of_an_intent_only(bed: &Bed) {
    let store = &*bed.store;
    let (running, publication) = prepared(store, "a").await;
    let (operation, fence) = (publication.operation, running.fence);
    assert!(is_broken(store.looked_empty(operation, fence, Duration::ZERO).await), "nothing was sent yet");
    store.intend(operation, fence).await.unwrap();
    let stale = store.looked_empty(operation, fence - 1, Duration::ZERO).await;
    assert!(matches!(stale, Err(StoreError::Stale(job)) if job == running.id), "{stale:?}");
    store.confirm(operation, fence, &posted("100")).await.unwrap();
    assert!(is_broken(store.looked_empty(operation, fence, Duration::ZERO).await), "it stands");
    let unknown = OperationId(Uuid::from_u128(1));
    assert!(is_broken(store.looked_empty(unknown, fence, Duration::ZERO).await));
}

pub async fn an_intent_ages_from_its_first_time(bed: &Bed) {
    let store = &*bed.store;
    let (running, publication) = prepared(store, "a").await;
    let (operation, fence) = (publication.operation, running.fence);
    assert_eq!(store.intent_age(operation).await.unwrap(), Duration::ZERO, "nothing was sent yet");
    assert_eq!(store.intent_age(OperationId(Uuid::from_u128(1))).await.unwrap(), Duration::ZERO);
    store.intend(operation, fence).await.unwrap();
    let earlier = "UPDATE publications SET intended_at = intended_at - 7200000";
    sql(&bed.url, earlier).await;
    store.intend(operation, fence).await.unwrap();
    let age = store.intent_age(operation).await.unwrap();
    assert!((7_200..7_300).contains(&age.as_secs()), "{age:?}");
}
