//! The one GitHub of a sandbox: its state under a lock, and word of every change.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    app,
    deliver::{Draft, Sent, TIMEOUT},
    state::State,
};
use crate::{
    clock::{Clock, SystemClock},
    sandbox::world::World,
};

/// State, addresses and outward connections.
pub(in crate::sandbox) struct Site {
    /// Without a slash at the end.
    pub(super) base: String,
    pub(super) closing: CancellationToken,
    pub(super) http: reqwest::Client,
    /// Judges tokens. The machine's: clients sign with the machine's time whatever clock the world has.
    pub(super) token_clock: SystemClock,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

impl Site {
    /// A GitHub that shows this world at this address.
    ///
    /// # Panics
    /// When no TLS roots can be set up for outgoing HTTP.
    pub(in crate::sandbox) fn new(mut world: World, base: String, closing: CancellationToken) -> Self {
        world.add_bot(app::BOT, "planwright-sandbox");
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client without special roots");
        let state = Mutex::new(State::new(world, app::WEBHOOK_SECRET));
        Self { base, closing, http, token_clock: SystemClock, state, changed: watch::Sender::new(()) }
    }

    /// Reads or changes the state and wakes whoever waits for a change.
    pub(super) fn with<R>(&self, act: impl FnOnce(&mut State) -> R) -> R {
        let result = act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_replace(());
        result
    }

    /// Waits until `look` finds something.
    pub(super) async fn until<R>(&self, mut look: impl FnMut(&mut State) -> Option<R>) -> R {
        let mut changes = self.changed.subscribe();
        loop {
            if let Some(found) = look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner)) {
                return found;
            }
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Changes the state and takes the deliveries that this made.
    pub(super) fn act<R>(&self, act: impl FnOnce(&mut State) -> R) -> (R, Vec<Draft>) {
        self.with(|state| {
            let result = act(state);
            let drafts = std::mem::take(&mut state.outgoing);
            state.sending += drafts.len();
            (result, drafts)
        })
    }

    /// Changes the state as a person does, sends the deliveries and waits for their answers.
    pub(super) async fn perform<R>(&self, act: impl FnOnce(&mut State) -> R) -> (R, Vec<Sent>) {
        let (result, drafts) = self.act(act);
        (result, self.send_all(drafts).await)
    }

    /// Sends deliveries while the caller goes on.
    pub(super) fn send_behind(self: &Arc<Self>, drafts: Vec<Draft>) {
        if drafts.is_empty() {
            return;
        }
        let site = self.clone();
        tokio::spawn(async move { site.send_all(drafts).await });
    }

    pub(super) fn wall_ms(&self) -> i64 {
        self.token_clock.now_ms()
    }
}
