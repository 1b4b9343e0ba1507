//! Proofs of origin: guarantees 1 to 5 and 12.

use http::{HeaderMap, HeaderName, HeaderValue};
use planwright::{
    sandbox::github::signature,
    trackers::auth::{Method, Secrets, SecretsError, Signature},
};
use proptest::prelude::*;

use super::{SECRET, secrets};

/// GitHub's published vector: body `Hello, World!`.
const GITHUB: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// Atlassian's: body `Hello World!`.
const ATLASSIAN: &str = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

const NAME: HeaderName = HeaderName::from_static("x-hub-signature-256");

/// The signature in a header with this value.
fn read(value: &[u8]) -> Option<Signature> {
    let value = HeaderValue::from_bytes(value).ok()?;
    Signature::from_header(&HeaderMap::from_iter([(NAME, value)]), NAME.as_str(), &[Method::Sha256])
}

/// Is the body proven by a header with this value?
fn proven(words: &[&str], value: &[u8], body: &[u8]) -> bool {
    read(value).is_some_and(|signature| secrets(words).prove(&signature, body))
}

#[test]
fn the_published_vectors_are_accepted() {
    assert!(proven(&[SECRET], GITHUB.as_bytes(), b"Hello, World!"));
    assert!(proven(&[SECRET], ATLASSIAN.as_bytes(), b"Hello World!"));
    assert!(!proven(&[SECRET], GITHUB.as_bytes(), b"Hello World!"));
    assert!(!proven(&["another secret"], GITHUB.as_bytes(), b"Hello, World!"));
    assert_eq!(signature(SECRET, b"Hello, World!"), GITHUB, "the sandbox signs the same");
}

#[test]
fn other_forms_are_no_signatures() {
    let check = |value: &str| assert_eq!(read(value.as_bytes()), None, "{value}");
    check(&GITHUB[..GITHUB.len() - 1]);
    check(&format!("{GITHUB}0"));
    check(&GITHUB.to_uppercase());
    check(&GITHUB.replace("sha256=", "SHA256="));
    check(&GITHUB.replace("sha256=", "sha1="));
    check(&GITHUB.replace("sha256=", "none="));
    check(&GITHUB.replace("sha256=", ""));
    check(&GITHUB.replace("sha256=", "sha256= "));
    check(&GITHUB.replace("sha256=75", "sha256=+5"));
    check(&format!("{GITHUB},{GITHUB}"));
    check("sha256=");
    check("sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12");
    check("");
}

#[test]
fn a_signature_stands_once_under_its_own_name() {
    let value = HeaderValue::from_static(GITHUB);
    let mut headers = HeaderMap::from_iter([(HeaderName::from_static("x-hub-signature"), value.clone())]);
    assert_eq!(Signature::from_header(&headers, NAME.as_str(), &[Method::Sha256]), None);
    headers.append(NAME, value.clone());
    assert!(Signature::from_header(&headers, NAME.as_str(), &[Method::Sha256]).is_some());
    assert_eq!(Signature::from_header(&headers, NAME.as_str(), &[]), None, "no method is allowed");
    headers.append(NAME, value);
    assert_eq!(Signature::from_header(&headers, NAME.as_str(), &[Method::Sha256]), None);
}

#[test]
fn every_secret_counts_while_rotating() {
    let signed = |word| signature(word, b"{}");
    let check = |words: &[&str], by, expected| assert_eq!(proven(words, signed(by).as_bytes(), b"{}"), expected);
    check(&["new", "old"], "new", true);
    check(&["new", "old"], "old", true);
    check(&["new"], "old", false);
    check(&["new", "old"], "older", false);
}

#[test]
fn secrets_without_a_secret_are_refused() {
    let check = |words: &[&str], expected| {
        let words: Vec<_> = words.iter().map(|word| (*word).into()).collect();
        assert_eq!(Secrets::new(&words).err(), expected);
    };
    check(&[], Some(SecretsError::Missing));
    check(&[""], Some(SecretsError::Blank));
    check(&[" \t\n"], Some(SecretsError::Blank));
    check(&["good", ""], Some(SecretsError::Blank));
    check(&["", "good"], Some(SecretsError::Blank));
    check(&["a,"], Some(SecretsError::EmptyEntry));
    check(&["a, ,b"], Some(SecretsError::EmptyEntry));
    check(&["good\n"], Some(SecretsError::Padded));
    check(&["a,b"], None);
    check(&["good", "old one"], None);
}

#[test]
fn secrets_do_not_show_themselves() {
    assert_eq!(format!("{:?}", secrets(&["canary-1", "canary-2"])), "Secrets(2 hidden)");
}

proptest! {
    #[test]
    fn any_flipped_bit_of_the_body_breaks_the_proof(mut body in prop::collection::vec(any::<u8>(), 1..300), at: prop::sample::Index, bit in 0_u32..8) {
        let header = signature(SECRET, &body);
        prop_assert!(proven(&[SECRET], header.as_bytes(), &body));
        let at = at.index(body.len());
        body[at] ^= 1_u8 << bit;
        prop_assert!(!proven(&[SECRET], header.as_bytes(), &body));
    }

    #[test]
    fn any_flipped_bit_of_the_header_breaks_the_proof(body: Vec<u8>, at: prop::sample::Index, bit in 0_u32..8) {
        let mut header = signature(SECRET, &body).into_bytes();
        let at = at.index(header.len());
        header[at] ^= 1_u8 << bit;
        prop_assert!(!proven(&[SECRET], &header, &body));
    }
}
