//! Which interface an Azure DevOps speaks: the cloud service, or a server of some age.
//!
//! In: the configuration. Out: the versions that its resources are asked for, and what its comments can hold.

use super::text::Format;

/// The cloud service or a server of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Azure DevOps Services.
    Services,
    /// Azure DevOps Server.
    Server,
}

/// The version of a server's REST interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiVersion {
    /// Azure DevOps Server 2020.
    V6_0,
    /// Azure DevOps Server 2022.
    V7_0,
    /// Azure DevOps Server 2022.1 and later; Services.
    V7_1,
}

/// Both together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) flavor: Flavor,
    pub(super) api: ApiVersion,
}

impl Version {
    /// For resources that are released.
    pub(super) fn stable(self) -> &'static str {
        match self.api {
            ApiVersion::V6_0 => "6.0",
            ApiVersion::V7_0 => "7.0",
            ApiVersion::V7_1 => "7.1",
        }
    }

    /// For resources that are in preview for ever (`connectionData`, reactions, the states of a type).
    pub(super) fn preview(self) -> &'static str {
        match self.api {
            ApiVersion::V6_0 => "6.0-preview.1",
            ApiVersion::V7_0 => "7.0-preview.1",
            ApiVersion::V7_1 => "7.1-preview.1",
        }
    }

    /// For comments; only the newer ones know a format.
    pub(super) fn comments(self) -> &'static str {
        match (self.flavor, self.api) {
            (Flavor::Services, _) => "7.2-preview.4",
            (Flavor::Server, ApiVersion::V7_1) => "7.1-preview.4",
            (Flavor::Server, ApiVersion::V7_0) => "7.0-preview.3",
            (Flavor::Server, ApiVersion::V6_0) => "6.0-preview.3",
        }
    }

    /// For changes of a work item; a comment in Markdown needs the newer ones.
    pub(super) fn patch(self) -> &'static str {
        match self.flavor {
            Flavor::Services => "7.2-preview.3",
            Flavor::Server => self.stable(),
        }
    }

    /// The format in which comments are written.
    pub(super) fn format(self) -> Format {
        match (self.flavor, self.api) {
            (Flavor::Services, _) | (Flavor::Server, ApiVersion::V7_1) => Format::Markdown,
            (Flavor::Server, _) => Format::Html,
        }
    }
}
