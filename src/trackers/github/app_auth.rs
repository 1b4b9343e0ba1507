//! Who asks: a token's account, or an App and its installations.
//!
//! In: credentials and a repository. Out: an octocrab that may speak for it, with a token that is still good. An App
//! signs a short JWT to find the repository's installation and to get that installation's token; octocrab keeps the
//! token until shortly before it ends, and asks once for a new one upon 401. Never writes a credential anywhere.
//! <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use octocrab::{
    AuthState, Octocrab,
    auth::AppAuth,
    models::{AppId, InstallationId},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    address::RepoPath,
    call::{Request, exchange},
    classify::failure,
    transport,
};
use crate::http;
use crate::trackers::{
    TrackerError,
    verdict::{Kind, Verdict},
};

/// How many repositories' installations are remembered before all are forgotten and asked for anew.
const REMEMBERED: usize = 10_000;

/// The credentials of a connection, ready to use.
pub(super) struct Access {
    client: http::Client,
    base: String,
    credentials: Credentials,
    /// Speaks as the App or as the token's account. Made at the first use: it needs a running runtime.
    itself: OnceLock<Arc<Octocrab>>,
    installations: Mutex<Installations>,
}

/// What the operator gave us.
#[derive(Clone)]
pub(super) enum Credentials {
    App(AppAuth),
    Token(SecretString),
}

/// What is known of an App's installations.
#[derive(Default)]
struct Installations {
    of_repository: HashMap<RepoPath, u64>,
    by_number: HashMap<u64, Arc<Installation>>,
}

/// One installation, with its token.
struct Installation {
    octocrab: Arc<Octocrab>,
    /// One token is asked for at a time.
    minting: tokio::sync::Mutex<()>,
}

impl Installation {
    /// The token at hand while it is good, else a new one.
    async fn token(&self) -> Result<SecretString, Verdict> {
        let _one_at_a_time = self.minting.lock().await;
        self.octocrab.installation_token().await.map_err(|error| failure(Kind::Read, &error))
    }
}

impl Access {
    /// Credentials for the API at `base`.
    pub(super) fn new(client: http::Client, base: String, credentials: Credentials) -> Self {
        Self { client, base, credentials, itself: OnceLock::new(), installations: Mutex::default() }
    }

    /// Where the API is.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Is this an App?
    pub(super) fn is_app(&self) -> bool {
        matches!(self.credentials, Credentials::App(_))
    }

    /// Speaks as the App or as the token's account.
    pub(super) fn itself(&self) -> &Arc<Octocrab> {
        self.itself.get_or_init(|| {
            let state = match &self.credentials {
                Credentials::App(app) => AuthState::App(app.clone()),
                Credentials::Token(token) => AuthState::AccessToken { token: token.clone() },
            };
            Arc::new(transport::octocrab(self.client.clone(), self.base.clone(), state))
        })
    }

    /// Speaks for a repository, with a token that is good for the next request.
    pub(super) async fn repository(&self, repository: &RepoPath) -> Result<Arc<Octocrab>, Verdict> {
        if !self.is_app() {
            return Ok(self.itself().clone());
        }
        Ok(self.installation(repository).await?.0.octocrab.clone())
    }

    /// The token itself, for git over HTTPS.
    pub(super) async fn token(&self, repository: &RepoPath) -> Result<SecretString, Verdict> {
        match &self.credentials {
            Credentials::Token(token) => Ok(token.clone()),
            Credentials::App(_) => Ok(self.installation(repository).await?.1),
        }
    }

    /// A repository's installation and its token.
    async fn installation(&self, repository: &RepoPath) -> Result<(Arc<Installation>, SecretString), Verdict> {
        if let Some(installation) = self.remembered(repository) {
            match installation.token().await {
                Ok(token) => return Ok((installation, token)),
                // Installed anew under another number, perhaps.
                Err(Verdict::Error(TrackerError::Gone(_) | TrackerError::Unauthorized(_))) => self.forget(repository),
                Err(verdict) => return Err(verdict),
            }
        }
        let installation = self.look_up(repository).await?;
        let token = installation.token().await?;
        Ok((installation, token))
    }

    /// Asks which installation a repository belongs to.
    async fn look_up(&self, repository: &RepoPath) -> Result<Arc<Installation>, Verdict> {
        #[derive(Deserialize)]
        struct Found {
            id: u64,
        }
        let request = Request::get(format!("/repos/{repository}/installation"));
        let answer = exchange(self.itself(), &request).await.map_err(|verdict| match verdict {
            Verdict::Error(TrackerError::Gone(_)) => {
                TrackerError::Gone(format!("the App is not installed on {repository}")).into()
            }
            other => other,
        })?;
        let found: Found = answer.json(Kind::Read)?;
        self.remember(repository, found.id)
    }

    /// A repository's installation, if known.
    fn remembered(&self, repository: &RepoPath) -> Option<Arc<Installation>> {
        let known = self.installations();
        known.by_number.get(known.of_repository.get(repository)?).cloned()
    }

    /// Notes a repository's installation; repositories of one installation share its token.
    fn remember(&self, repository: &RepoPath, id: u64) -> Result<Arc<Installation>, Verdict> {
        let octocrab = self.itself().installation(InstallationId(id)).map_err(|error| failure(Kind::Read, &error))?;
        let fresh = Arc::new(Installation { octocrab: Arc::new(octocrab), minting: tokio::sync::Mutex::new(()) });
        let mut known = self.installations();
        if known.of_repository.len() >= REMEMBERED {
            *known = Installations::default();
        }
        known.of_repository.insert(repository.clone(), id);
        Ok(known.by_number.entry(id).or_insert(fresh).clone())
    }

    /// Forgets a repository's installation.
    fn forget(&self, repository: &RepoPath) {
        let mut known = self.installations();
        if let Some(id) = known.of_repository.remove(repository) {
            known.by_number.remove(&id);
        }
    }

    /// What is known; a panic elsewhere leaves it usable.
    fn installations(&self) -> MutexGuard<'_, Installations> {
        self.installations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads an App's private key (PEM, RSA).
pub(super) fn app(app_id: u64, private_key: &str) -> Option<AppAuth> {
    let key = octocrab::auth::EncodingKey::from_rsa_pem(private_key.as_bytes()).ok()?;
    Some(AppAuth { app_id: AppId(app_id), key })
}
