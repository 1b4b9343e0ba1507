//! How the bodies of deliveries are kept: packed, many in one row.
//!
//! In: the bodies of one commit. Out: one row of bytes with the place of each body in it, and a body out of such a row.
//! Deliveries of one tracker resemble each other, so bodies that are packed as one take a fraction of the room and of
//! the time that they take one by one.

use std::cell::RefCell;

use lz4_flex::block::{compress_into, get_maximum_output_size};
use serde::{Deserialize, Serialize};

use super::{StoreError, session::broken};
use crate::model::delivery::Body;

/// The bodies of one commit, ready to be stored.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    /// All bodies were packed as one; else each by itself.
    pub together: bool,
    pub bytes: Vec<u8>,
    /// Where each body lies, in the order of the bodies: in the unpacked bytes where they were packed together, else in
    /// the packed ones.
    pub places: Vec<Option<Place>>,
}

/// Where a body begins and how long it is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub at: usize,
    pub length: usize,
}

/// Packs the bodies of one commit; large ones come packed already, and then every other one is packed by itself too.
pub(super) fn pack(bodies: &[Option<&Body>]) -> Packed {
    let together = bodies.iter().flatten().all(|body| matches!(body, Body::Plain(_)));
    let mut places = Vec::with_capacity(bodies.len());
    let bytes = if together {
        JOINED.with_borrow_mut(|joined| {
            joined.clear();
            join(bodies, true, joined, &mut places);
            let bytes = packed(joined);
            joined.shrink_to(ROOM_KEPT);
            bytes
        })
    } else {
        let mut bytes = Vec::new();
        join(bodies, false, &mut bytes, &mut places);
        bytes
    };
    Packed { together, bytes, places }
}

/// Puts bodies back to back, and notes where each lies.
fn join(bodies: &[Option<&Body>], together: bool, bytes: &mut Vec<u8>, places: &mut Vec<Option<Place>>) {
    for body in bodies {
        let at = bytes.len();
        match body {
            None => {}
            Some(Body::Plain(json)) if together => bytes.extend_from_slice(json),
            Some(Body::Plain(json)) => bytes.extend(lz4_flex::compress_prepend_size(json)),
            Some(Body::Packed(packed)) => bytes.extend_from_slice(packed),
        }
        places.push(body.map(|_| Place { at, length: bytes.len() - at }));
    }
}

thread_local! {
    /// Room for bodies back to back, and for packing them, kept from commit to commit: making and dropping it costs more
    /// than the packing.
    static JOINED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
/// The most room that is kept, in bytes.
const ROOM_KEPT: usize = 1 << 20;

/// The bytes packed by LZ4, with their length before them.
pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let most = get_maximum_output_size(bytes.len());
    if most > ROOM_KEPT {
        return lz4_flex::compress_prepend_size(bytes);
    }
    ROOM.with_borrow_mut(|room| {
        room.resize(room.len().max(most), 0);
        let length = compress_into(bytes, room).expect("the room is as large as the packed bytes can be");
        let prefix = u32::try_from(bytes.len()).expect("far below 4 GiB").to_le_bytes();
        [&prefix[..], &room[..length]].concat()
    })
}

/// Takes one body out of a row: all of the row's bytes where they were packed `together`, else the body's own.
pub(super) fn unpack(bytes: &[u8], together: bool, Place { at, length }: Place) -> Result<Vec<u8>, StoreError> {
    let mut unpacked = unpacked(bytes)?;
    if !together {
        return Ok(unpacked);
    }
    let end = at.checked_add(length).filter(|end| *end <= unpacked.len()).ok_or_else(damaged)?;
    unpacked.truncate(end);
    Ok(unpacked.split_off(at))
}

/// The bytes that [`packed`] packed.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    lz4_flex::decompress_size_prepended(bytes).map_err(|_| damaged())
}

fn damaged() -> StoreError {
    broken("a stored body does not unpack")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn plain(text: &str) -> Body {
        Body::Plain(Bytes::copy_from_slice(text.as_bytes()))
    }

    /// Every body, read back out of what was packed.
    fn read_back(packed: &Packed) -> Vec<String> {
        let read = |place: &Place| {
            let own = place.at..place.at + place.length;
            let bytes = if packed.together { &packed.bytes[..] } else { &packed.bytes[own] };
            String::from_utf8(unpack(bytes, packed.together, *place).expect("it unpacks")).expect("text")
        };
        packed.places.iter().flatten().map(read).collect()
    }

    #[test]
    fn bodies_come_back_whichever_way_they_were_packed() {
        let (first, empty, last) = (plain("{\"number\": 1}"), plain(""), plain("{\"number\": 2}"));
        let together = pack(&[Some(&first), Some(&empty), None, Some(&last)]);
        assert!(together.together);
        assert_eq!(read_back(&together), ["{\"number\": 1}", "", "{\"number\": 2}"]);
        let large = Body::Packed(lz4_flex::compress_prepend_size(b"large"));
        let apart = pack(&[Some(&first), Some(&large), Some(&last)]);
        assert!(!apart.together);
        assert_eq!(read_back(&apart), ["{\"number\": 1}", "large", "{\"number\": 2}"]);
    }

    #[test]
    fn bodies_that_resemble_each_other_share_their_room() {
        let body = |number: u32| {
            let lines: Vec<String> = (0..200).map(|line| format!("\"key{line}\": \"{}\"", line * 7919)).collect();
            plain(&format!("{{\"number\": {number}, {}}}", lines.join(", ")))
        };
        let bodies: Vec<Body> = (0..20).map(body).collect();
        let alone = pack(&[Some(&bodies[0])]).bytes.len();
        let all = pack(&bodies.iter().map(Some).collect::<Vec<_>>()).bytes.len();
        assert!(all < alone * 4, "20 bodies take {all} bytes, one takes {alone}");
    }

    #[test]
    fn damage_is_an_error() {
        let packed = pack(&[Some(&plain("body"))]);
        assert!(unpack(&packed.bytes, true, Place { at: 2, length: 40 }).is_err());
        assert!(unpack(&packed.bytes, true, Place { at: usize::MAX, length: 2 }).is_err());
        assert!(unpack(&packed.bytes[..3], true, Place { at: 0, length: 1 }).is_err());
        assert!(unpack(&[255; 40], false, Place { at: 0, length: 1 }).is_err());
    }
}
