//! Tests of `publish`.

mod encoding;
mod fitting;
pub mod inertness;
mod markers;

use planwright::{
    model::{ConnectionName, OperationId, TicketId, TicketKey, publication::DocumentPlace},
    publish::{Encoder, Hosts, MarkerKey},
    trackers::{Dialect, LengthUnit, MarkerPlace, Profile},
};

/// How GitHub differs from the others, with a comment limit.
fn github(comment_limit: usize) -> Profile {
    Profile {
        dialect: Dialect::Gfm,
        comment_limit,
        unit: LengthUnit::Chars,
        marker: MarkerPlace::BodyComment,
        folds: true,
        mermaid: true,
        labels_on_open: false,
        documents: DocumentPlace::Repository,
        hints: false,
    }
}

/// An encoder for a profile.
fn encoder(profile: Profile) -> Encoder {
    Encoder::new(profile, key(), Hosts::Any).expect("a dialect with a writer")
}

fn key() -> MarkerKey {
    MarkerKey::derive(b"a secret of the connection").expect("a secret")
}

fn ticket(id: &str) -> TicketKey {
    TicketKey::new(ConnectionName::new("acme"), TicketId::new(id))
}

fn operation(number: u128) -> OperationId {
    OperationId(uuid::Uuid::from_u128(number))
}
