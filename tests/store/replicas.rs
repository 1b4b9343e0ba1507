//! What only PostgreSQL promises: replicas that hear of each other, and a server that goes and comes back.

use std::time::Duration;

use planwright::store::StoreError;

use super::{
    bed::{Bed, on_postgres, sql},
    requests::{LONG, asks, claimed, stored},
};

#[tokio::test]
async fn a_replica_hears_of_work_that_another_stored() {
    on_postgres(heard, "heard").await;
}

async fn heard(bed: &Bed) {
    let other = bed.replica().await;
    assert!(other.claim("worker-2", LONG).await.unwrap().is_none());
    // whoever connects last rings once when it begins to listen: a wake that counts comes after an empty claim
    let mut at = 0;
    loop {
        let wait = other.wait_for_work(Duration::from_secs(3600));
        let store = async {
            at += 1;
            stored(&*bed.store, asks(&format!("guid-{at}"), &at.to_string(), "a")).await
        };
        let (woken, _) = tokio::join!(tokio::time::timeout(Duration::from_secs(180), wait), store);
        woken.expect("the notification wakes who waits");
        let running = claimed(&*other).await;
        if running.id.0 >= 3 {
            break;
        }
        assert!(other.claim("worker-2", LONG).await.unwrap().is_none());
    }
    other.close().await;
}

#[tokio::test]
async fn a_server_that_is_gone_is_unavailable_until_it_is_back() {
    on_postgres(gone, "gone").await;
}

async fn gone(bed: &Bed) {
    let mut server = url::Url::parse(&bed.url).expect("a url");
    let name = server.path().trim_start_matches('/').to_owned();
    server.set_path("postgres");
    stored(&*bed.store, asks("guid-1", "1", "a")).await;
    sql(server.as_str(), &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    sql(server.as_str(), &end).await;
    for at in 2..4 {
        let received = bed.store.receive(asks(&format!("guid-{at}"), &at.to_string(), "a")).await;
        assert!(matches!(received, Err(StoreError::Unavailable(_))), "{received:?}");
    }
    assert!(matches!(bed.store.check().await, Err(StoreError::Unavailable(_))));
    sql(server.as_str(), &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    stored(&*bed.store, asks("guid-2", "2", "a")).await;
    bed.store.check().await.expect("the store works again");
    assert_eq!(bed.store.deliveries(10).await.unwrap().len(), 2);
}
