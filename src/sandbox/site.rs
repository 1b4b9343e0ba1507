//! A tracker of the sandbox: its state and the world under locks, and word of every change.

use std::{
    mem,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    deliver::{Draft, Sent},
    kind::Kind,
    state::State,
    world::World,
};
use crate::clock::{Clock, SystemClock};

/// The trackers wait this long for the answer to a delivery; GitHub does so.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The world that all trackers of a sandbox show, and what they share beside it.
pub struct Ground {
    world: Mutex<World>,
    changed: watch::Sender<()>,
    /// Cancelled when the sandbox closes.
    pub closing: CancellationToken,
    http: reqwest::Client,
}

impl Ground {
    /// # Panics
    /// When no TLS roots can be set up for outgoing HTTP.
    pub fn new(world: World, closing: CancellationToken) -> Arc<Self> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client without special roots");
        Arc::new(Self { world: Mutex::new(world), changed: watch::Sender::new(()), closing, http })
    }
}

/// State, address and outward connections of one tracker.
pub struct Site<K: Kind> {
    /// Without a slash at the end.
    pub base: String,
    /// Judges tokens. The machine's: clients sign with the machine's time whatever clock the world has.
    token_clock: SystemClock,
    ground: Arc<Ground>,
    state: Mutex<State<K>>,
}

impl<K: Kind> Site<K> {
    /// A tracker at this address.
    pub fn new(ground: &Arc<Ground>, base: String, own: K::Own) -> Arc<Self> {
        let elsewhere = lock(&ground.world).emptied();
        let state = Mutex::new(State::new(elsewhere, own));
        Arc::new(Self { base, token_clock: SystemClock, ground: ground.clone(), state })
    }

    /// Reads or changes the state and wakes whoever waits for a change.
    pub fn with<R>(&self, act: impl FnOnce(&mut State<K>) -> R) -> R {
        let result = act(&mut self.lend());
        self.ground.changed.send_replace(());
        result
    }

    /// Waits until `look` finds something.
    pub async fn until<R>(&self, mut look: impl FnMut(&mut State<K>) -> Option<R>) -> R {
        let mut changes = self.ground.changed.subscribe();
        loop {
            if let Some(found) = look(&mut self.lend()) {
                return found;
            }
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Changes the state and takes the deliveries that this made.
    pub fn act<R>(&self, act: impl FnOnce(&mut State<K>) -> R) -> (R, Vec<Draft>) {
        self.with(|state| {
            let result = act(state);
            let drafts = mem::take(&mut state.outgoing);
            state.sending += drafts.len();
            (result, drafts)
        })
    }

    /// Changes the state as a person does, sends the deliveries and waits for their answers.
    pub async fn perform<R>(&self, act: impl FnOnce(&mut State<K>) -> R) -> (R, Vec<Sent>) {
        let (result, drafts) = self.act(act);
        (result, self.send_all(drafts).await)
    }

    /// Sends deliveries while the caller goes on.
    pub fn send_behind(self: &Arc<Self>, drafts: Vec<Draft>) {
        if drafts.is_empty() {
            return;
        }
        let site = self.clone();
        tokio::spawn(async move { site.send_all(drafts).await });
    }

    /// The machine's time in milliseconds since 1970.
    pub fn wall_ms(&self) -> i64 {
        self.token_clock.now_ms()
    }

    /// Waits; none when the sandbox closes first.
    pub async fn unless_closing(&self, wait: impl Future<Output = ()>) -> Option<()> {
        tokio::select! {
            () = wait => Some(()),
            () = self.ground.closing.cancelled() => None,
        }
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.ground.http
    }

    fn lend(&self) -> Loan<'_, K> {
        let mut loan = Loan { world: lock(&self.ground.world), state: lock(&self.state) };
        loan.exchange();
        loan
    }
}

/// The state with the world in it, for as long as both are locked.
struct Loan<'a, K: Kind> {
    world: MutexGuard<'a, World>,
    state: MutexGuard<'a, State<K>>,
}

impl<K: Kind> Loan<'_, K> {
    fn exchange(&mut self) {
        mem::swap(&mut *self.world, &mut self.state.world);
    }
}

impl<K: Kind> Drop for Loan<'_, K> {
    /// The world goes back, also when an act panics.
    fn drop(&mut self) {
        self.exchange();
    }
}

impl<K: Kind> Deref for Loan<'_, K> {
    type Target = State<K>;

    fn deref(&self) -> &State<K> {
        &self.state
    }
}

impl<K: Kind> DerefMut for Loan<'_, K> {
    fn deref_mut(&mut self) -> &mut State<K> {
        &mut self.state
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
