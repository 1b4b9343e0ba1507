//! As whom the bot speaks: a personal access token, or a program registered with Microsoft Entra ID.
//!
//! In: the credentials of the configuration. Out: the `Authorization` header, and the password that git takes. Never logs
//! or shows either.
//! <https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity>

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::trackers::{
    TrackerError,
    program::{EARLY, Program},
    rest::{Credentials, Fixed},
    verdict::Verdict,
};

/// Azure DevOps as a resource of Entra ID; the same in every tenant.
pub(super) const SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/// As whom the bot speaks.
#[derive(Clone)]
pub(super) enum Speaker {
    /// With a personal access token.
    Pat(SecretString),
    Program(Arc<Program>),
}

impl Speaker {
    /// What makes the header; `None` where no header can hold the token.
    pub(super) fn credentials(&self) -> Option<Arc<dyn Credentials>> {
        Some(match self {
            Self::Pat(token) => Arc::new(Fixed::basic("", token.expose_secret())?),
            Self::Program(program) => Arc::clone(program) as Arc<dyn Credentials>,
        })
    }

    /// The password that git takes, with any user's name.
    pub(super) async fn password(&self) -> Result<SecretString, TrackerError> {
        match self {
            Self::Pat(token) => Ok(token.clone()),
            Self::Program(program) => program.token().await.map_err(|verdict| match verdict {
                Verdict::RateLimited(wait) => TrackerError::RateLimited(wait.unwrap_or(EARLY)),
                Verdict::Error(error) => error,
            }),
        }
    }

    /// Can a refused credential be made anew?
    pub(super) fn renews(&self) -> bool {
        matches!(self, Self::Program(_))
    }
}
