//! Plans and their versions.

use planwright::model::{
    CommitId, PlanId, RepoName,
    job::{ClaimedJob, JobState},
    plan_record::NewPlanRecord,
};
use uuid::Uuid;

use super::{
    bed::Bed,
    requests::{claimed, queued, ticket},
};

/// A plan that a job makes; its id follows from the job.
pub fn a_plan(job: &ClaimedJob, title: &str) -> NewPlanRecord {
    NewPlanRecord {
        id: PlanId(Uuid::from_u128(0x7000 + job.id.0.unsigned_abs() as u128)),
        job: job.id,
        ticket: job.ticket.clone(),
        reference: job.reference.clone(),
        ticket_url: Some("https://github.example/acme/shop/issues/7".into()),
        title: title.into(),
        repository: Some((RepoName::new("acme/shop"), CommitId::parse(&"ab".repeat(20)).expect("a hash"))),
        template: "ticket".into(),
        planner: "offline".into(),
        plan_json: r#"{"title":"x"}"#.into(),
        document: format!("# {title}"),
        ticket_hash: "c0ffee".into(),
        took_ms: 41,
    }
}

pub async fn a_job_stores_one_plan(bed: &Bed) {
    let store = &*bed.store;
    queued(store, "7", "a").await;
    let running = claimed(store).await;
    let new = a_plan(&running, "Cart \0 total");
    let kept = store.save_plan(new.clone(), running.fence).await.unwrap();
    assert_eq!((kept.version, kept.id, kept.job), (1, new.id, running.id));
    assert_eq!(kept.title, "Cart \u{FFFD} total");
    assert_eq!((&kept.repository, &kept.ticket_url), (&new.repository, &new.ticket_url));
    assert_eq!((kept.plan_json.as_str(), kept.document.as_str()), (&*new.plan_json, "# Cart \u{FFFD} total"));
    assert_eq!((kept.ticket_hash.as_str(), kept.took_ms), ("c0ffee", 41));
    let other = NewPlanRecord { id: PlanId(Uuid::from_u128(5)), title: "another".into(), ..new };
    assert_eq!(store.save_plan(other, running.fence).await.unwrap(), kept, "the first one stays");
    assert_eq!(store.plan(kept.id).await.unwrap(), Some(kept.clone()));
    assert_eq!(store.plan_of(running.id).await.unwrap(), Some(kept));
    assert_eq!(store.plan(PlanId(Uuid::from_u128(5))).await.unwrap(), None);
}

pub async fn versions_count_for_each_ticket(bed: &Bed) {
    let store = &*bed.store;
    for (id, key) in [("7", "a"), ("8", "a"), ("7", "b"), ("7", "c")] {
        queued(store, id, key).await;
        let running = claimed(store).await;
        let plan = NewPlanRecord { repository: None, ticket_url: None, ..a_plan(&running, key) };
        store.save_plan(plan, running.fence).await.unwrap();
        store.finish(running.id, running.fence, JobState::Done, "posted").await.unwrap();
    }
    let versions = store.versions(&ticket("7")).await.unwrap();
    let shown: Vec<_> = versions.iter().map(|plan| (plan.version, plan.title.as_str())).collect();
    assert_eq!(shown, [(3, "c"), (2, "b"), (1, "a")]);
    assert!(versions.iter().all(|plan| plan.repository.is_none() && plan.ticket_url.is_none()));
    let newest = store.plans(2).await.unwrap();
    assert_eq!(newest.len(), 2);
    assert_eq!((newest[0].title.as_str(), newest[1].title.as_str()), ("c", "b"));
}
