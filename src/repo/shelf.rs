//! Analysed blobs on disk, so that a restart costs a reading and not an analysis.
//!
//! In: blobs with their keys. Out: those of them that are wanted again. A repository has a folder of segments; each is
//! written once, under a name made from its content, and appears by rename: several processes may share it. What is
//! damaged or of another version is passed over, never an error: the repository can always be read again.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::SystemTime,
};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    blob::Blob,
    index::{BlobKey, KnownBlobs},
    memo::hash,
    packing,
    packs::folder_bytes,
};

/// What every segment begins with: the format, and a digest of all code that says what analysis gives. Raise the number
/// when a grammar changes.
static HEAD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let digest = ANALYSIS.iter().fold(0, |digest: u64, source| digest.rotate_left(7) ^ hash(source.as_bytes()));
    format!("planwright blobs 6 {digest:016x}\n").into_bytes()
});
/// What decides on a blob: its words, its symbols, the imports as written, and its layout.
const ANALYSIS: [&str; 8] = [
    include_str!("blob.rs"),
    include_str!("classify.rs"),
    include_str!("language.rs"),
    include_str!("packing.rs"),
    include_str!("symbols/grammar.rs"),
    include_str!("symbols/mod.rs"),
    include_str!("symbols/name.rs"),
    include_str!("tokens.rs"),
];
/// How segments are named.
const EXTENSION: &str = "blobs";
/// With more segments, reading them costs more than joining them.
const MOST_SEGMENTS: usize = 12;
/// A file whose time of change says when the folder was last used.
const USED: &str = "used";

/// The folder of one repository's blobs.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
    /// Bytes of all shelves beside this one, with it; the least recently used go first.
    limit: u64,
}

impl Shelf {
    /// The shelf of a repository, by its slug, below the folder of all shelves.
    pub fn new(all: &Path, slug: &str, limit: u64) -> Self {
        Self { folder: all.join(slug), limit }
    }

    /// Those of the wanted blobs that lie here.
    pub fn take(&self, wanted: &[BlobKey]) -> KnownBlobs {
        let names: HashMap<String, &BlobKey> = wanted.iter().map(|key| (name(key), key)).collect();
        let mut found = KnownBlobs::default();
        for path in self.segments() {
            let Ok(bytes) = fs::read(path) else { continue };
            let entries: Vec<(&BlobKey, &[u8], u64)> = entries(&bytes)
                .filter_map(|entry| Some((*names.get(entry.name)?, entry.packed, entry.sum)))
                .filter(|(key, ..)| !found.contains_key(*key))
                .collect();
            let unpack = |(key, packed, sum): (&BlobKey, &[u8], u64)| {
                let blob = packing::unpack(packed).filter(|_| self::sum(&name(key), packed) == sum)?;
                Some((key.clone(), Arc::new(blob)))
            };
            found.par_extend(entries.into_par_iter().filter_map(unpack));
        }
        if !found.is_empty() {
            let _ = fs::write(self.folder.join(USED), b"");
        }
        found
    }

    /// Lays blobs down as one more segment.
    pub fn put(&self, new: &KnownBlobs) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        self.write(new)?;
        fs::write(self.folder.join(USED), b"")?;
        self.evict();
        Ok(())
    }

    /// Are there so many segments that they should become one?
    pub fn is_crowded(&self) -> bool {
        self.segments().len() > MOST_SEGMENTS
    }

    /// Makes one segment of all that there are now: it holds `used`, and what is not used any more goes.
    pub fn join(&self, used: &KnownBlobs) -> io::Result<()> {
        let before = self.segments();
        let written = self.write(used)?;
        before.iter().filter(|path| **path != written).for_each(|path| drop(fs::remove_file(path)));
        Ok(())
    }

    /// Writes one segment and gives its path.
    fn write(&self, blobs: &KnownBlobs) -> io::Result<PathBuf> {
        let mut sorted: Vec<(&BlobKey, &Arc<Blob>)> = blobs.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        let packed: Vec<(String, Vec<u8>)> =
            sorted.into_par_iter().map(|(key, blob)| (name(key), packing::pack(blob))).collect();
        let mut digest = Sha256::new();
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        let mut out = io::BufWriter::with_capacity(1 << 20, file.as_file_mut());
        out.write_all(&HEAD)?;
        for (name, bytes) in &packed {
            let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
            out.write_all(&[u8::try_from(name.len()).map_err(io::Error::other)?])?;
            out.write_all(name.as_bytes())?;
            out.write_all(&sum(name, bytes).to_le_bytes())?;
            out.write_all(&length.to_le_bytes())?;
            out.write_all(bytes)?;
            digest.update(name.as_bytes());
        }
        out.flush()?;
        drop(out);
        let path = self.folder.join(format!("{}.{EXTENSION}", &hex::encode(digest.finalize())[..32]));
        file.persist(&path)?;
        Ok(path)
    }

    /// The paths of all segments, by name.
    fn segments(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == EXTENSION)).collect();
        paths.sort();
        paths
    }

    /// Removes the least recently used shelves of other repositories until all fit the limit.
    fn evict(&self) {
        let Some(entries) = self.folder.parent().and_then(|all| fs::read_dir(all).ok()) else { return };
        let used = |path: &Path| fs::metadata(path.join(USED)).and_then(|data| data.modified());
        let mut shelves: Vec<(SystemTime, u64, PathBuf)> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter_map(|path| Some((used(&path).ok()?, folder_bytes(&path), path)))
            .collect();
        shelves.sort();
        let mut total: u64 = shelves.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in shelves.into_iter().filter(|(.., path)| *path != self.folder) {
            if total <= self.limit {
                return;
            }
            if fs::remove_dir_all(&path).is_ok() {
                total = total.saturating_sub(bytes);
            }
        }
    }
}

/// The checksum of a blob under its name.
fn sum(name: &str, packed: &[u8]) -> u64 {
    hash(name.as_bytes()).rotate_left(1) ^ hash(packed)
}

/// A key as text.
fn name((object, language): &BlobKey) -> String {
    format!("{object} {}", language.unwrap_or_default())
}

/// A blob of a segment.
struct Entry<'a> {
    name: &'a str,
    sum: u64,
    packed: &'a [u8],
}

/// The entries of a segment, as far as it is whole.
fn entries(segment: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = segment.strip_prefix(HEAD.as_slice()).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first()?;
        let (name, after) = after.split_at_checked(usize::from(*length))?;
        let (sum, after) = after.split_first_chunk::<8>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let (packed, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        Some(Entry { name: std::str::from_utf8(name).ok()?, sum: u64::from_le_bytes(*sum), packed })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blobs of some texts, by made-up hashes.
    fn blobs(numbers: std::ops::Range<u32>) -> KnownBlobs {
        let blob = |n: u32| {
            let text = format!("use a::b{n};\n/// Totals.\npub fn total_{n}(x: u32) -> u32 {{ x }}\n");
            ((format!("{n:040x}"), Some("rust")), Arc::new(Blob::of(text.as_bytes(), Some("rust"))))
        };
        numbers.map(blob).collect()
    }

    fn put(shelf: &Shelf, blobs: &KnownBlobs) -> Vec<BlobKey> {
        shelf.put(blobs).unwrap();
        blobs.keys().cloned().collect()
    }

    #[test]
    fn what_was_laid_down_is_found_again_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), "shop", u64::MAX);
        let all = blobs(0..20);
        let keys = put(&shelf, &all);
        assert_eq!(shelf.take(&keys), all);
        assert_eq!(shelf.take(&[(keys[0].0.clone(), Some("go")), ("f".repeat(40), None)]), KnownBlobs::default());
    }

    #[test]
    fn damaged_and_foreign_segments_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), "shop", u64::MAX);
        let all = blobs(0..20);
        let keys = put(&shelf, &all);
        let path = shelf.segments().remove(0);
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(3) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            fs::write(&path, &bytes).unwrap();
            let found = shelf.take(&keys);
            assert!(found.iter().all(|(key, blob)| all[key] == *blob), "byte {at}");
            assert!(found.len() < keys.len(), "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert!(shelf.take(&keys).len() < keys.len(), "cut at {at}");
        }
    }

    #[test]
    fn many_segments_become_one_that_holds_what_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), "shop", u64::MAX);
        for n in 0..MOST_SEGMENTS as u32 {
            put(&shelf, &blobs(n..n + 1));
        }
        assert!(!shelf.is_crowded());
        put(&shelf, &blobs(39..40));
        assert!(shelf.is_crowded());
        let newest = blobs(5..40);
        shelf.join(&newest).unwrap();
        assert_eq!(shelf.segments().len(), 1);
        assert_eq!(shelf.take(&newest.keys().cloned().collect::<Vec<_>>()), newest);
        assert!(shelf.take(&blobs(0..1).keys().cloned().collect::<Vec<_>>()).is_empty(), "no longer used");
    }

    #[test]
    fn other_repositories_go_when_the_limit_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let keys = put(&Shelf::new(folder.path(), "old", 1), &blobs(0..3));
        put(&Shelf::new(folder.path(), "new", 1), &blobs(0..3));
        assert!(Shelf::new(folder.path(), "old", 1).take(&keys).is_empty());
        assert_eq!(Shelf::new(folder.path(), "new", 1).take(&keys).len(), 3);
    }
}
