//! Proofs of origin: HMAC over raw bytes, compared in constant time.
