//! From a request to a response, the fault scripted for it included.
//!
//! In: a request to an endpoint. Out: what the tracker answers, or what the fault makes of that.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{ConnectInfo, Path, Query, State as Shared},
    response::Response,
    routing::{MethodFilter, MethodRouter},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};

use super::{
    call::Call,
    connection::Cut,
    faults::{Fault, Gate, Scripted},
    kind::Kind,
    site::Site,
    state::Request,
};

type Texts = BTreeMap<String, String>;

/// Serves an endpoint.
pub fn on<K: Kind>(method: MethodFilter, endpoint: K::Endpoint) -> MethodRouter<Arc<Site<K>>> {
    let handler = move |site: Shared<Arc<Site<K>>>,
                        ConnectInfo(cut): ConnectInfo<Cut>,
                        Path(params): Path<Texts>,
                        Query(query): Query<Texts>,
                        request: (Method, Uri, HeaderMap),
                        body: Bytes| async move {
        let (method, uri, headers) = request;
        let call = Call { endpoint, method, uri, params, query, headers, body, stale: None };
        // A task of its own: a tracker finishes what it began though the caller hangs up.
        let reply = tokio::spawn(serve(site.0, call)).await;
        reply.ok().flatten().unwrap_or_else(|| {
            cut.cut();
            Response::new(Body::empty())
        })
    };
    axum::routing::on(method, handler)
}

/// A response; none where the connection is to be reset.
async fn serve<K: Kind>(site: Arc<Site<K>>, mut call: Call<K::Endpoint>) -> Option<Response> {
    let target = call.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let scripted = site.with(|state| {
        state.note(Request { endpoint: call.endpoint, target });
        state.faults.take(call.endpoint)
    });
    let answer = match scripted {
        None => K::answer(&site, &call).await,
        Some(Scripted { fault: Fault::HugeBody { bytes }, gate, .. }) => {
            gate.reach();
            return Some(huge(bytes));
        }
        Some(Scripted { fault: Fault::Garbage, gate, .. }) => {
            gate.reach();
            return Some(Response::new(Body::from("<html><body>Unicorn!</body></html>")));
        }
        Some(scripted) => go_wrong(&site, &mut call, scripted).await?,
    };
    Some(K::respond(&site, &call, answer))
}

/// Plays a fault that ends in an answer or, with none, in a reset.
async fn go_wrong<K: Kind>(
    site: &Arc<Site<K>>,
    call: &mut Call<K::Endpoint>,
    scripted: Scripted<K::Endpoint>,
) -> Option<K::Answer> {
    let Scripted { fault, gate, before, .. } = scripted;
    match fault {
        Fault::StaleListing => {
            call.stale = before;
            gate.reach();
            Some(K::answer(site, call).await)
        }
        Fault::Hold => {
            gate.reach();
            site.unless_closing(gate.released()).await?;
            Some(K::answer(site, call).await)
        }
        Fault::AppearsLater { status, reveal } => {
            let applied = K::answer(site, call).await;
            if let Some(comment) = K::comment_of(&applied) {
                site.with(|state| state.faults.veil(comment, reveal, gate.clone()));
            }
            gate.reach();
            Some(K::failure(status))
        }
        Fault::AppliedThenStatus(_)
        | Fault::AppliedThenReset
        | Fault::AppliedThenHang
        | Fault::AppliedThenHold
        | Fault::Slowed { .. } => {
            let applied = K::answer(site, call).await;
            gate.reach();
            lose(site, applied, &fault, &gate).await
        }
        unapplied => {
            gate.reach();
            K::refuse(&unapplied, call)
        }
    }
}

/// What comes back of an answer whose effect stands; none where nothing does.
async fn lose<K: Kind>(site: &Site<K>, applied: K::Answer, fault: &Fault, gate: &Gate) -> Option<K::Answer> {
    match fault {
        Fault::AppliedThenStatus(status) => Some(K::failure(*status)),
        Fault::Slowed { retry_after } => Some(K::slowed(applied, *retry_after)),
        Fault::AppliedThenHang => {
            site.unless_closing(std::future::pending::<()>()).await?;
            None
        }
        Fault::AppliedThenHold => {
            site.unless_closing(gate.released()).await?;
            Some(applied)
        }
        _ => None,
    }
}

/// A JSON string of so many bytes, sent piece by piece.
fn huge(bytes: usize) -> Response {
    const PIECE: usize = 64 << 10;
    let piece = Bytes::from_static(&[b'a'; PIECE]);
    let quote = || Ok::<_, std::convert::Infallible>(Bytes::from_static(b"\""));
    let pieces = std::iter::once(quote())
        .chain((0..bytes / PIECE).map(move |_| Ok(piece.clone())))
        .chain(std::iter::once(quote()));
    let mut response = Response::new(Body::from_stream(futures::stream::iter(pieces)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
