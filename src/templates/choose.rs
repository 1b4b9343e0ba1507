//! Chooses the pack for a ticket: asked for, matched, chosen by its repository, or the default, in this order.

use super::{Pack, Packs};
use crate::model::{job::PlanOptions, ticket::Ticket};

/// Someone asked for a pack that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no template is called {name:?}; there are: {}", known.join(", "))]
pub struct UnknownPack {
    pub name: String,
    pub known: Vec<String>,
}

impl Packs {
    /// The pack for a ticket. Among matching packs those of the repository come first, then the first by name; `default`
    /// must exist.
    pub fn choose(&self, ticket: &Ticket, options: &PlanOptions, default: &str) -> Result<&Pack, UnknownPack> {
        let packs = || self.shared.packs.values();
        let ordered = packs().filter(|pack| pack.is_own).chain(packs().filter(|pack| !pack.is_own));
        let matched = || ordered.clone().find(|pack| matches(pack, ticket)).map(|pack| pack.name.as_str());
        let preferred = self.preferred.as_deref();
        let name = options.template.as_deref().or_else(matched).or(preferred).unwrap_or(default);
        self.get(name).ok_or_else(|| UnknownPack {
            name: name.chars().take(60).collect(),
            known: self.names().into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Does the pack's own rule match the ticket?
fn matches(pack: &Pack, ticket: &Ticket) -> bool {
    let has = |list: &[String], value: &str| list.iter().any(|x| x.to_lowercase() == value.to_lowercase());
    ticket.type_name.as_deref().is_some_and(|t| has(&pack.matches.types, t))
        || ticket.labels.iter().any(|l| has(&pack.matches.labels, l))
        || has(&pack.matches.projects, &ticket.project)
}
