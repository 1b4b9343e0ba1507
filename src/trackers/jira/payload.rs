//! Jira's webhook shapes: only what an event needs, and nothing that must be there.
//!
//! In: the JSON of a delivery. Out: its parts, borrowed. Never believes an address: of a `self` link only the numbers
//! count.
//! <https://developer.atlassian.com/cloud/jira/platform/webhooks/>

use serde::Deserialize;

use super::{
    address::IssueId,
    loose::{List, Part, Word},
};
use crate::model::event::Actor;

/// A delivery.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Payload<'a> {
    /// Milliseconds since 1970.
    #[serde(borrow)]
    pub(super) timestamp: Word<'a>,
    #[serde(borrow, rename = "webhookEvent")]
    pub(super) event: Word<'a>,
    /// What kind of `jira:issue_updated`; older Data Centers leave it out.
    #[serde(borrow, rename = "issue_event_type_name")]
    pub(super) kind: Word<'a>,
    #[serde(borrow)]
    pub(super) user: Part<User<'a>>,
    #[serde(borrow)]
    pub(super) issue: Part<Issue<'a>>,
    #[serde(borrow)]
    pub(super) comment: Part<Comment<'a>>,
    #[serde(borrow)]
    pub(super) changelog: Part<Changelog<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Issue<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(borrow)]
    pub(super) key: Word<'a>,
    #[serde(borrow, rename = "self")]
    link: Word<'a>,
    #[serde(borrow)]
    pub(super) fields: Part<Fields<'a>>,
}

impl Issue<'_> {
    /// Its number; the last part of its link where the field is missing (`…/issue/10002`, `…/rest/api/2/10002`).
    pub(super) fn id(&self) -> Option<IssueId> {
        let last = self.link.get().and_then(|link| link.rsplit('/').next());
        IssueId::parse(self.id.get().or(last)?)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields<'a> {
    #[serde(borrow, rename = "issuetype")]
    pub(super) kind: Part<Named<'a>>,
    #[serde(borrow)]
    pub(super) labels: List<Word<'a>>,
    #[serde(borrow)]
    pub(super) status: Part<Status<'a>>,
    #[serde(borrow)]
    pub(super) created: Word<'a>,
}

/// Something with a number and a name that may be in any language.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Named<'a> {
    #[serde(borrow)]
    pub(super) id: Word<'a>,
    #[serde(borrow)]
    pub(super) name: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Status<'a> {
    #[serde(borrow, rename = "statusCategory")]
    category: Part<Category<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Category<'a> {
    #[serde(borrow)]
    key: Word<'a>,
}

impl Status<'_> {
    /// Is the work done? The category's key is the same in every language and workflow.
    pub(super) fn is_done(&self) -> bool {
        self.category.get().is_some_and(|category| category.key.get() == Some("done"))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Comment<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(borrow, rename = "self")]
    link: Word<'a>,
    #[serde(borrow)]
    pub(super) author: Part<User<'a>>,
    #[serde(borrow, rename = "updateAuthor")]
    pub(super) editor: Part<User<'a>>,
    /// Wiki markup.
    #[serde(borrow)]
    pub(super) body: Word<'a>,
    #[serde(borrow)]
    pub(super) created: Word<'a>,
    #[serde(borrow)]
    pub(super) updated: Word<'a>,
}

impl Comment<'_> {
    /// Its number.
    pub(super) fn id(&self) -> Option<u64> {
        super::address::number(self.id.get()?)
    }

    /// The issue that its link names: `…/issue/10013/comment/10082`. Data Center's comment events name no other.
    pub(super) fn issue(&self) -> Option<IssueId> {
        let (rest, comment) = self.link.get()?.rsplit_once("/comment/")?;
        let (_, issue) = rest.rsplit_once("/issue/")?;
        IssueId::parse(issue).filter(|_| comment == self.id.text())
    }
}

/// An account. Cloud names it by `accountId` (one published sample spells `accoundId`), Data Center by `key`, which stays,
/// and `name`, which may change.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct User<'a> {
    #[serde(borrow, rename = "accountId")]
    account_id: Word<'a>,
    #[serde(borrow, rename = "accoundId")]
    misspelt_id: Word<'a>,
    #[serde(borrow)]
    name: Word<'a>,
    #[serde(borrow)]
    key: Word<'a>,
    #[serde(borrow, rename = "displayName")]
    display_name: Word<'a>,
    #[serde(borrow, rename = "accountType")]
    account_type: Word<'a>,
}

impl User<'_> {
    /// The account in the common vocabulary; `None` when it has no id.
    pub(super) fn actor(&self) -> Option<Actor> {
        let ids = [&self.account_id, &self.misspelt_id, &self.key, &self.name];
        let id = ids.into_iter().find_map(Word::get)?;
        Some(Actor {
            id: id.to_owned(),
            name: self.display_name.get().unwrap_or(id).to_owned(),
            is_bot: self.account_type.get() == Some("app"),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Changelog<'a> {
    #[serde(borrow)]
    pub(super) id: Word<'a>,
    #[serde(borrow)]
    pub(super) items: List<Part<Item<'a>>>,
}

/// One field that changed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Item<'a> {
    /// The field's name, for fields of Jira's own the same in every language.
    #[serde(borrow)]
    pub(super) field: Word<'a>,
    /// Missing on older Data Centers.
    #[serde(borrow, rename = "fieldId")]
    pub(super) field_id: Word<'a>,
    #[serde(borrow, rename = "fromString")]
    pub(super) before: Word<'a>,
    /// The new value's id.
    #[serde(borrow, rename = "to")]
    pub(super) after_id: Word<'a>,
    #[serde(borrow, rename = "toString")]
    pub(super) after: Word<'a>,
}

impl Item<'_> {
    /// Is it this field?
    pub(super) fn is(&self, field: &str) -> bool {
        let id = self.field_id.get();
        id.is_some_and(|id| id.eq_ignore_ascii_case(field))
            || self.field.get().is_some_and(|name| name.eq_ignore_ascii_case(field))
    }
}
