//! Which Jira it is, and what follows from that.

/// A Jira that Atlassian runs, or one that its users run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    Cloud,
    DataCenter,
}

impl Flavour {
    /// What stands between the host and `/rest`.
    pub fn context(self) -> &'static str {
        match self {
            Self::Cloud => "",
            Self::DataCenter => "/jira",
        }
    }

    /// What endpoints stand under; the last part is the version.
    pub fn prefixes(self) -> &'static [&'static str] {
        match self {
            // The last is where OAuth's clients call a site.
            Self::Cloud => {
                &["/rest/api/2", "/rest/api/3", "/ex/jira/{cloud}/rest/api/2", "/ex/jira/{cloud}/rest/api/3"]
            }
            Self::DataCenter => &["/jira/rest/api/2", "/jira/rest/api/latest"],
        }
    }

    /// A page of comments where the caller asks for none in particular.
    pub fn comment_page(self) -> usize {
        match self {
            Self::Cloud => 100,
            Self::DataCenter => 1_048_576,
        }
    }
}
