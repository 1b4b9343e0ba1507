//! Links to the page of one plan, for readers without a login.
//!
//! In: a plan's id and the end of its link. Out: an address whose MAC opens that plan's page until then, and the answer
//! whether one does. A key opens nothing but the plan that its MAC names: no other plan, version or page.

use std::time::Duration;

use hmac::Mac;
use sha2::Sha256;

use super::marker::{EmptySecret, keyed};
use crate::model::PlanId;

/// How many bytes of the MAC are kept.
const MAC_BYTES: usize = 16;

/// The key of a connection's links.
#[derive(Clone)]
pub struct LinkKey(hmac::Hmac<Sha256>);

impl LinkKey {
    /// Derives the key from a secret that only the bot knows, so that the secret itself signs nothing else.
    pub fn derive(secret: &[u8]) -> Result<Self, EmptySecret> {
        if secret.iter().all(u8::is_ascii_whitespace) {
            return Err(EmptySecret);
        }
        let derived = keyed(secret).chain_update(b"planwright link key 1").finalize().into_bytes();
        Ok(Self(keyed(&derived)))
    }

    /// The MAC over a plan and the end of its link, ready to be read or compared.
    fn mac(&self, plan: PlanId, until: i64) -> hmac::Hmac<Sha256> {
        self.0.clone().chain_update(plan.0.as_bytes()).chain_update(until.to_be_bytes())
    }

    /// Does a query that stands behind a plan's address open it at this time (seconds since 1970)? Compared in constant
    /// time.
    pub fn opens(&self, plan: PlanId, query: &str, now: i64) -> bool {
        let Some((until, tag)) = read(query) else { return false };
        self.mac(plan, until).verify_truncated_left(&tag).is_ok() && now < until
    }
}

/// Reads `until=SECONDS&key=HEX`, which is the whole query: a link has one form.
fn read(query: &str) -> Option<(i64, Vec<u8>)> {
    let (until, key) = query.strip_prefix("until=")?.split_once("&key=")?;
    let plain = until.bytes().all(|b| b.is_ascii_digit()) && key.len() == 2 * MAC_BYTES;
    Some((plain.then(|| until.parse().ok()).flatten()?, hex::decode(key).ok()?))
}

/// Makes links of one connection.
#[derive(Clone)]
pub struct Links {
    pub key: LinkKey,
    /// Where the bot's own pages are, without a slash at the end.
    pub base: String,
    /// How long a link opens its plan.
    pub valid: Duration,
}

impl Links {
    /// The address of a plan's page that was made at this time (milliseconds since 1970).
    pub fn page(&self, plan: PlanId, made_at: i64) -> String {
        let valid = i64::try_from(self.valid.as_secs()).unwrap_or(i64::MAX);
        let until = made_at.div_euclid(1000).saturating_add(valid);
        let tag = self.key.mac(plan, until).finalize().into_bytes();
        format!("{}/plans/{plan}?until={until}&key={}", self.base, hex::encode(&tag[..MAC_BYTES]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: i64 = 1_795_000_000_000;

    fn links(secret: &str) -> Links {
        let key = LinkKey::derive(secret.as_bytes()).expect("a secret");
        Links { key, base: "https://plans.example.com".to_owned(), valid: Duration::from_secs(60) }
    }

    fn plan(n: u128) -> PlanId {
        PlanId(uuid::Uuid::from_u128(n))
    }

    fn query(links: &Links) -> String {
        links.page(plan(7), MADE).split_once('?').expect("a query").1.to_owned()
    }

    #[test]
    fn a_link_opens_its_plan_until_its_end() {
        let links = links("secret");
        let (query, made) = (query(&links), MADE / 1000);
        assert!(links.key.opens(plan(7), &query, made) && links.key.opens(plan(7), &query, made + 59));
        assert!(!links.key.opens(plan(7), &query, made + 60), "it has ended");
        assert!(!links.key.opens(plan(8), &query, made), "another plan");
        assert!(!super::tests::links("other").key.opens(plan(7), &query, made), "another key");
    }

    #[test]
    fn a_link_that_was_changed_in_any_place_opens_nothing() {
        let links = links("secret");
        let query = query(&links);
        for at in 0..query.len() {
            for with in ["0", "1", "f", "x", "&", "", "é"] {
                let changed = format!("{}{with}{}", &query[..at], &query[at + 1..]);
                let opens = links.key.opens(plan(7), &changed, MADE / 1000);
                assert!(changed == query || !opens, "{changed}");
            }
        }
        let longer = query.replacen("until=", "until=1", 1);
        for other in
            ["", "until=", "until=&key=", "key=&until=", &longer, &format!("{query}&x=1"), &query.to_uppercase()]
        {
            assert!(!links.key.opens(plan(7), other, MADE / 1000), "{other}");
        }
    }

    #[test]
    fn an_empty_secret_makes_no_key() {
        assert!(LinkKey::derive(b" \n").is_err());
    }
}
