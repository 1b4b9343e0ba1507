//! What somebody may do with a work item.
//!
//! In: a work item and a person. Out: a permission, by the access control lists of the item's area path: may edit work
//! items there → write, may see them → read, may edit the area itself → admin. The lists with their effective rights
//! (groups and inheritance counted in) are the one interface that tells another person's rights to tokens of people and
//! of programs, on Services and on servers alike; evaluating permissions is for the caller's own only, and the Graph is
//! the cloud's alone. What cannot be told is denied.
//! <https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference> (namespace CSS)

use std::collections::HashMap;

use serde::Deserialize;

use super::{
    address::{WorkItem, area_below, is_guid, segment},
    client::{Client, Place},
    paging::List,
};
use crate::{
    model::event::Actor,
    trackers::{Permission, TrackerError, rest::Request},
};

/// The security namespace of area paths.
const AREAS: &str = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3";
/// Its rights: edit the node itself, see work items in it, edit them.
const EDIT_NODE: i64 = 2;
const SEE_ITEMS: i64 = 16;
const EDIT_ITEMS: i64 = 32;
/// How deep area paths go.
const DEPTH: usize = 14;

/// A list of one token.
#[derive(Deserialize)]
struct AccessList {
    #[serde(default, rename = "acesDictionary")]
    entries: HashMap<String, Entry>,
}

/// What one identity may do.
#[derive(Deserialize)]
struct Entry {
    #[serde(default, rename = "extendedInfo")]
    extended: Option<Effective>,
}

/// Explicit and inherited rights together, those of groups included.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Effective {
    #[serde(default)]
    effective_allow: i64,
    #[serde(default)]
    effective_deny: i64,
}

impl Effective {
    /// The rights in the common vocabulary.
    fn permission(&self) -> Permission {
        let rights = self.effective_allow & !self.effective_deny;
        let has = |right: i64| rights & right != 0;
        match (has(EDIT_ITEMS), has(SEE_ITEMS)) {
            (true, _) if has(EDIT_NODE) => Permission::Admin,
            (true, _) => Permission::Write,
            (false, true) => Permission::Read,
            (false, false) => Permission::None,
        }
    }
}

impl Client {
    /// What the person may do with the work item now.
    pub(super) async fn rights(&self, item: WorkItem, actor: &Actor) -> Result<Permission, TrackerError> {
        let place = self.place(item).await?;
        let Some(descriptor) = self.descriptor(actor).await? else { return Ok(Permission::None) };
        let mut nodes = self.area_nodes(&place).await?;
        // An area without a list of its own has the one above it.
        while !nodes.is_empty() {
            if let Some(list) = self.access_list(&nodes.join(":"), &descriptor).await? {
                let own = list.entries.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&descriptor));
                let effective = own.and_then(|(_, entry)| entry.extended);
                return Ok(effective.unwrap_or_default().permission());
            }
            nodes.pop();
        }
        Ok(Permission::None)
    }

    /// The descriptor by which access lists know a person; `None` for somebody unknown, inactive or not one alone.
    async fn descriptor(&self, actor: &Actor) -> Result<Option<String>, TrackerError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Known {
            #[serde(default)]
            descriptor: String,
            #[serde(default = "yes")]
            is_active: bool,
            #[serde(default)]
            is_container: bool,
        }
        fn yes() -> bool {
            true
        }
        let who = segment(&actor.id);
        let query = if is_guid(&actor.id) {
            format!("identityIds={who}")
        } else if actor.id.contains(['@', '\\']) {
            format!("searchFilter=General&filterValue={who}")
        } else {
            // A name alone may be anybody's.
            return Ok(None);
        };
        let path = format!("/_apis/identities?{query}&queryMembership=None&api-version={}", self.api.version.stable());
        let answer = match self.api.ask_people("identities", Request::get(path)).await {
            Err(TrackerError::Gone(_) | TrackerError::Refused(_)) => return Ok(None),
            outcome => outcome?,
        };
        let known = answer.json::<List<Option<Known>>>()?.value.into_iter().flatten();
        let mut people = known.filter(|known| known.is_active && !known.is_container && !known.descriptor.is_empty());
        Ok(people.next().filter(|_| people.next().is_none()).map(|person| person.descriptor))
    }

    /// The nodes of an area path as security tokens, from the root on.
    async fn area_nodes(&self, place: &Place) -> Result<Vec<String>, TrackerError> {
        #[derive(Deserialize)]
        struct Node {
            identifier: String,
        }
        let below = area_below(&place.area, &place.project)
            .filter(|below| below.len() <= DEPTH)
            .ok_or_else(|| TrackerError::Refused("the work item's area is not of its project".to_owned()))?;
        let base = format!("/{}/_apis/wit/classificationnodes/Areas", segment(&place.project));
        let paths = (0..=below.len()).map(|depth| {
            let inner: String = below[..depth].iter().map(|name| format!("/{}", segment(name))).collect();
            format!("{base}{inner}?api-version={}", self.api.version.stable())
        });
        let reads = paths.map(|path| async {
            let node: Node = self.api.call("areas", Request::get(path)).await?.json()?;
            Ok::<_, TrackerError>(format!("vstfs:///Classification/Node/{}", node.identifier))
        });
        futures::future::try_join_all(reads).await
    }

    /// The access list of a token with one person's rights; `None` where it has none of its own.
    async fn access_list(&self, token: &str, descriptor: &str) -> Result<Option<AccessList>, TrackerError> {
        let path = format!(
            "/_apis/accesscontrollists/{AREAS}?token={}&descriptors={}&includeExtendedInfo=true&recurse=false\
             &api-version={}",
            segment(token),
            segment(descriptor),
            self.api.version.stable()
        );
        let lists = self.api.call("permission", Request::get(path)).await?.json::<List<AccessList>>()?.value;
        Ok(lists.into_iter().next())
    }
}
