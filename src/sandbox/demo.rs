//! The demo's world: a team, its shop and three tickets worth planning, on every tracker.
//!
//! In: a directory and a clock. Out: a world with the shop's repository, and the tickets that the demo opens. Acts on
//! nothing by itself.

pub mod azure_devops;
pub mod jira;

use std::{io, path::Path, sync::Arc};

use super::{
    shop::{self, ShopRepo},
    world::{NewTicket, Role, World},
};
use crate::clock::Clock;

/// The repository that the tickets are about.
pub const REPOSITORY: &str = "acme/shop";
/// The shop's project on Jira.
pub const JIRA_PROJECT: &str = "SHOP";
/// The shop's project on Azure DevOps.
pub const AZURE_PROJECT: &str = "Shop";
/// Supports customers and may label: reports the bug.
pub const SUPPORT: &str = "maya-lindqvist";
/// Writes code: asks for a plan by comment.
pub const DEVELOPER: &str = "jonas-weber";
/// Owns the product: writes stories.
pub const PRODUCT: &str = "priya-nair";

/// The team with its shop, made in `dir/acme/shop.git`: `dir` is where to clone from.
pub fn world(dir: &Path, clock: Arc<dyn Clock>) -> io::Result<(World, ShopRepo)> {
    let repo = shop::create(&dir.join(format!("{REPOSITORY}.git")))?;
    let mut world = World::new(clock);
    let team = [
        (SUPPORT, "Maya Lindqvist", Role::Triage),
        (DEVELOPER, "Jonas Weber", Role::Maintain),
        (PRODUCT, "Priya Nair", Role::Write),
        ("lena-fischer", "Lena Fischer", Role::Write),
        ("tomas-novak", "Tomas Novak", Role::Admin),
    ];
    for (login, name, _) in team {
        world.add_person(login, name);
    }
    // Nobody on the team: what such people ask for on a public ticket is not done.
    world.add_person("passer-by", "Passer By");
    for name in [REPOSITORY, JIRA_PROJECT, AZURE_PROJECT] {
        let project = world.add_project(name);
        project.description = "The web shop of Acme Outdoor".to_owned();
        project.code = Some(repo.path.clone());
        // Only GitHub has people who may label and not edit.
        let role = |role: Role| if name == REPOSITORY { role } else { role.max(Role::Write) };
        project.roles.extend(team.map(|(login, _, given)| (login.to_owned(), role(given))));
    }
    if let Some(project) = world.project_mut(AZURE_PROJECT) {
        project.types = ["Bug", "Feature", "Task", "User Story"].map(str::to_owned).to_vec();
    }
    for label in ["bug", "needs-plan", "pricing", "orders"] {
        world.define_label(REPOSITORY, label);
    }
    Ok((world, repo))
}

/// A bug, to be labelled `needs-plan`.
pub fn bug() -> NewTicket {
    NewTicket {
        title: "Cart total is wrong when a percentage coupon meets a gift card".to_owned(),
        body: include_str!("demo/bug.md").to_owned(),
        kind: Some("Bug".to_owned()),
        labels: vec!["bug".to_owned(), "pricing".to_owned()],
        ..NewTicket::default()
    }
}

/// A feature with acceptance criteria, on which somebody comments `/plan`.
pub fn feature() -> NewTicket {
    NewTicket {
        title: "Export orders as CSV for the accountants".to_owned(),
        body: include_str!("demo/feature.md").to_owned(),
        kind: Some("Task".to_owned()),
        labels: vec!["orders".to_owned()],
        ..NewTicket::default()
    }
}

/// A story, which asks for a plan by being one.
pub fn story() -> NewTicket {
    NewTicket {
        title: "Hold stock for a customer who is checking out".to_owned(),
        body: include_str!("demo/story.md").to_owned(),
        kind: Some("Story".to_owned()),
        ..NewTicket::default()
    }
}
