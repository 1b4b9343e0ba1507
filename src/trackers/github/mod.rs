//! GitHub: deliveries, decoding, client.
