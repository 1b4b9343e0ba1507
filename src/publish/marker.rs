//! The marker by which the bot knows its own comments again.
//!
//! In: an operation, its ticket and the connection's key; or a comment's body. Out: an HTML comment, or the operation
//! that a genuine one names. Never trusts a marker that the key did not make for this very ticket.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::model::{OperationId, TicketKey};

/// What every marker begins with.
pub const PREFIX: &str = "<!-- planwright:";

/// How many bytes of the MAC are kept.
const MAC_BYTES: usize = 16;

/// The key of a connection's markers.
#[derive(Clone)]
pub struct MarkerKey(Hmac<Sha256>);

/// The secret that a marker key should come from is empty.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret for markers is empty")]
pub struct EmptySecret;

impl MarkerKey {
    /// Derives the key from a secret that only the bot knows, so that the secret itself signs nothing else.
    pub fn derive(secret: &[u8]) -> Result<Self, EmptySecret> {
        if secret.iter().all(u8::is_ascii_whitespace) {
            return Err(EmptySecret);
        }
        let derived = keyed(secret).chain_update(b"planwright marker key 1").finalize().into_bytes();
        Ok(Self(keyed(&derived)))
    }

    /// The MAC over the ticket and the operation, each length first, ready to be read or compared.
    fn mac(&self, operation: OperationId, ticket: &TicketKey) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in [ticket.connection.as_str().as_bytes(), ticket.id.as_str().as_bytes(), operation.0.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// HMAC-SHA256 under a key of any length.
pub(super) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// The marker of an operation on a ticket: `<!-- planwright:{operation}:{mac} -->`.
pub fn marker(operation: OperationId, ticket: &TicketKey, key: &MarkerKey) -> String {
    let mac = key.mac(operation, ticket).finalize().into_bytes();
    format!("{PREFIX}{operation}:{} -->", hex::encode(&mac[..MAC_BYTES]))
}

/// The operation named by the last genuine marker in a body; all others are passed over.
pub fn find(body: &str, ticket: &TicketKey, key: &MarkerKey) -> Option<OperationId> {
    body.rmatch_indices(PREFIX).find_map(|(at, _)| genuine(&body[at + PREFIX.len()..], ticket, key))
}

/// The operation of the marker whose text after the prefix begins `rest`, if the key made it.
fn genuine(rest: &str, ticket: &TicketKey, key: &MarkerKey) -> Option<OperationId> {
    const UUID: usize = 36;
    let after = rest.get(UUID..)?.strip_prefix(':')?;
    let hex = after.get(..2 * MAC_BYTES)?;
    after[2 * MAC_BYTES..].starts_with(" -->").then_some(())?;
    let operation = OperationId(uuid::Uuid::try_parse(&rest[..UUID]).ok()?);
    let tag = hex::decode(hex).ok()?;
    key.mac(operation, ticket).verify_truncated_left(&tag).ok().map(|()| operation)
}
