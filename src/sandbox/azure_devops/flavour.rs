//! Which Azure DevOps it is, and what follows from that.

/// The Azure DevOps that Microsoft runs, or a server that its users run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    Services,
    /// Azure DevOps Server 2022, whose interface ends at 7.0.
    Server,
}

impl Flavour {
    /// What stands between the host and a project: the organization, or the collection.
    pub fn collection(self) -> &'static str {
        match self {
            Self::Services => "acme",
            Self::Server => "tfs/DefaultCollection",
        }
    }

    /// The latest version of the interface.
    pub fn latest(self) -> (u32, u32) {
        match self {
            Self::Services => (7, 2),
            Self::Server => (7, 0),
        }
    }
}
