//! A scripted GitHub on a real socket: a function from request to reply, and a log of what was asked.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::Body,
    http::{Request, Response},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET /repos/acme/shop/issues/7?x=1`.
    pub line: String,
    /// The `authorization` header, or nothing.
    pub authorization: String,
    /// The JSON body, or `Null`.
    pub body: Value,
}

/// A reply.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    /// Comes never: the connection stays open and silent.
    pub is_silent: bool,
}

impl Reply {
    /// A status with a JSON body.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Body::from(body.to_string()), is_silent: false }
    }

    /// An error as GitHub words it.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, serde_json::json!({ "message": message }))
    }

    /// No answer, ever.
    pub fn never() -> Self {
        Self { is_silent: true, ..Self::json(200, Value::Null) }
    }

    /// A body that does not end.
    pub fn endless() -> Self {
        let chunk = axum::body::Bytes::from(vec![b' '; 1 << 20]);
        let chunks = futures::stream::repeat_with(move || Ok::<_, std::convert::Infallible>(chunk.clone()));
        Self { body: Body::from_stream(chunks), ..Self::json(200, Value::Null) }
    }

    /// One header more.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A running server.
pub struct Fake {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Fake {
    /// Starts a server that answers by this script.
    pub async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (seen, most_at_once) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (script, log, now, most) =
            (Arc::new(script), seen.clone(), Arc::new(AtomicUsize::new(0)), most_at_once.clone());
        let app = axum::Router::new().fallback(move |request: Request<Body>| {
            let (script, log, now, most) = (script.clone(), log.clone(), now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let seen = read(request).await;
                log.lock().expect("the log").push(seen.clone());
                let reply = script(&seen);
                if reply.is_silent {
                    std::future::pending::<()>().await;
                }
                // Requests that were sent at the same time arrive meanwhile.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                let head = Response::builder().status(reply.status);
                let head = reply.headers.into_iter().fold(head, |head, (name, value)| head.header(name, value));
                head.body(reply.body).expect("a response")
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, seen, most_at_once }
    }

    /// Everything that was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("the log").clone()
    }

    /// The request lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// The most requests that were under way at the same time.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }
}

/// Notes a request.
async fn read(request: Request<Body>) -> Seen {
    let line = format!("{} {}", request.method(), request.uri());
    let authorization = request.headers().get("authorization").map(|value| value.to_str().expect("text").to_owned());
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.expect("a body");
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Seen { line, authorization: authorization.unwrap_or_default(), body }
}

/// A server that reads whole requests and then writes these bytes, however wrong, and closes. Returns its base.
pub async fn rude(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = base_of(listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut heard = Vec::new();
            while !is_whole(&heard) && socket.read_buf(&mut heard).await.is_ok_and(|count| count > 0) {}
            let _ = socket.write_all(answer).await;
        }
    });
    base
}

/// A base where nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    base_of(listener.local_addr().expect("an address"))
}

/// An address as a base.
fn base_of(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// Are these bytes a request to its end, or the start of a TLS handshake (RFC 8446, section 5.1)?
fn is_whole(heard: &[u8]) -> bool {
    if heard.first() == Some(&22) {
        return true;
    }
    let text = String::from_utf8_lossy(heard).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}
