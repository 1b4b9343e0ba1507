//! How the files of one index stand in the index after it.
//!
//! In: the files of an index and what differs now. Out: the new list of files, where each old number went, and which
//! files are to be read anew. Everything that is kept by file number is carried over with it.

use std::sync::Arc;

use super::{delta::Difference, index::IndexedFile};

/// Where the files of an index went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renumbering {
    /// The new number of every old file; `None` where nothing stands at its path any more.
    to: Vec<Option<u32>>,
    /// Of every new file: is its content new or another than before?
    is_fresh: Vec<bool>,
    /// The same as numbers, in order.
    fresh: Vec<u32>,
}

impl Renumbering {
    /// Merges files and differences, both in byte order of their paths; `read` makes a file of a path that differs.
    pub fn merge(
        earlier: &[Arc<IndexedFile>],
        differences: Vec<Difference>,
        mut read: impl FnMut(super::reader::TreeEntry) -> IndexedFile,
    ) -> (Vec<Arc<IndexedFile>>, Self) {
        let mut files = Vec::with_capacity(earlier.len() + differences.len());
        let mut moved = Self { to: Vec::with_capacity(earlier.len()), ..Self::default() };
        let mut differences = differences.into_iter().peekable();
        for old in earlier {
            while let Some(new) = differences.next_if(|new| new.path < old.path) {
                moved.add(&mut files, new.now.map(&mut read));
            }
            match differences.next_if(|new| new.path == old.path) {
                Some(new) => {
                    let number = moved.add(&mut files, new.now.map(&mut read));
                    moved.to.push(number);
                }
                None => {
                    moved.to.push(Some(number(files.len())));
                    moved.is_fresh.push(false);
                    files.push(old.clone());
                }
            }
        }
        for new in differences {
            moved.add(&mut files, new.now.map(&mut read));
        }
        (files, moved)
    }

    /// Takes a file in that was read anew, if there is one.
    fn add(&mut self, files: &mut Vec<Arc<IndexedFile>>, file: Option<IndexedFile>) -> Option<u32> {
        let at = number(files.len());
        files.push(Arc::new(file?));
        self.is_fresh.push(true);
        self.fresh.push(at);
        Some(at)
    }

    /// Where an old file stands now.
    pub fn to(&self, old: u32) -> Option<u32> {
        self.to.get(old as usize).copied().flatten()
    }

    /// The old numbers with their new ones, in order of both.
    pub fn kept(&self) -> impl Iterator<Item = (u32, u32)> {
        self.to.iter().zip(0_u32..).filter_map(|(new, old)| Some((old, (*new)?)))
    }

    /// The old numbers of paths where nothing stands any more.
    pub fn gone(&self) -> impl Iterator<Item = u32> {
        self.to.iter().zip(0_u32..).filter(|(new, _)| new.is_none()).map(|(_, old)| old)
    }

    /// Is the content of a new file new?
    pub fn is_fresh(&self, new: u32) -> bool {
        self.is_fresh.get(new as usize).copied().unwrap_or(true)
    }

    /// The new numbers of files whose content is new, in order.
    pub fn fresh(&self) -> &[u32] {
        &self.fresh
    }
}

/// A position as a file number. Trees hold far fewer files than numbers.
fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a tree's listing is capped")
}
