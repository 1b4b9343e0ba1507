//! Networks that may deliver, in CIDR notation (RFC 4632, RFC 4291).
//!
//! In: `10.1.0.0/16`, `2001:db8::/32` or a single address. Out: whether an address lies in it. An IPv4 address that
//! comes in IPv6 form (`::ffff:10.1.2.3`) is the IPv4 address.

use std::net::IpAddr;

/// A network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    /// How many leading bits count.
    bits: u32,
}

impl Network {
    /// Reads a network; `None` when it is none, or when bits behind its length are set.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let width = width(first);
        let bits = match bits {
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => {
                bits.parse().ok().filter(|bits| *bits <= width)?
            }
            Some(_) => return None,
            None => width,
        };
        let network = Self { first, bits };
        (network.masked(first) == number(first)).then_some(network)
    }

    /// Does the address lie in it?
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        width(address) == width(self.first) && self.masked(address) == number(self.first)
    }

    /// The leading bits of an address, the others zero.
    fn masked(&self, address: IpAddr) -> u128 {
        let rest = width(self.first) - self.bits;
        number(address).checked_shr(rest).and_then(|lead| lead.checked_shl(rest)).unwrap_or(0)
    }
}

/// How many bits an address has.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An address as a number.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_or_out() {
        let check = |network: &str, address: &str, expected: bool| {
            let network = Network::parse(network).expect(network);
            assert_eq!(network.contains(address.parse().expect("an address")), expected, "{network:?} {address}");
        };
        check("10.1.0.0/16", "10.1.255.255", true);
        check("10.1.0.0/16", "10.2.0.0", false);
        check("10.1.2.3", "10.1.2.3", true);
        check("10.1.2.3", "10.1.2.4", false);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("0.0.0.0/0", "2001:db8::1", false);
        check("10.1.0.0/16", "::ffff:10.1.2.3", true);
        check("2001:db8::/32", "2001:db8:1::1", true);
        check("2001:db8::/32", "2001:db9::1", false);
        check("::/0", "2001:db9::1", true);
        check("::/0", "10.1.2.3", false);
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in
            ["", "10.1.0.0/33", "10.1.0.0/", "10.1.0.0/+8", "10.1.0.1/16", "acme.test", "10.1/16", "::/129", "/8"]
        {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
