//! Accepts connections under limits and lets them end on shutdown.
//!
//! In: a listener and a router. Out: served connections; slow, oversized and surplus ones are cut. Never waits for a
//! client longer than the limits say.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::Router;
use http::Request;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use tracing::{debug, warn};

/// The address at the other end of a connection, which every request of it carries among its extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What a client may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// A request's head must arrive within this time; an idle connection is closed after it.
    pub head_deadline: Duration,
    /// The longest head, in bytes.
    pub head_bytes: usize,
    /// Connections at once; more wait in the listener's queue.
    pub connections: usize,
    /// On shutdown connections get this long to end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_deadline: Duration::from_secs(15),
            head_bytes: 64 * 1024,
            connections: 4096,
            grace: Duration::from_secs(10),
        }
    }
}

/// Serves until `stop`; then accepts no more and lets open requests end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let builder = Arc::new(builder(&limits));
    let slots = Arc::new(Semaphore::new(limits.connections));
    let open = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let (stream, peer, slot) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (builder, router, stop) = (Arc::clone(&builder), router.clone(), stop.clone());
        open.spawn(async move {
            connection(&builder, stream, peer, router, stop).await;
            drop(slot);
        });
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(limits.grace, open.wait()).await.is_err() {
        warn!(connections = open.len(), "cut connections that did not end");
    }
}

/// The protocol limits.
fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_deadline)
        .max_buf_size(limits.head_bytes.max(8192));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(limits.head_deadline)
        .keep_alive_timeout(limits.head_deadline);
    builder
}

/// The next connection, with its other end's address and its slot.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, Peer, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, Peer(address.ip().to_canonical()), slot))
}

/// Serves one connection to its end, or to the end of its open request after `stop`.
async fn connection(
    builder: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: Peer,
    router: Router,
    stop: CancellationToken,
) {
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request
    });
    let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        debug!(%error, "a connection ended badly");
    }
}
