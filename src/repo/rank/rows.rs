//! Rows of signals by file.
//!
//! In: files with their rows. Out: the row of a file, and all rows in one piece: every signal is looked at for all files.

use super::signals::{NAMES, Row};

/// The rows of some files of an index.
pub(super) struct Rows {
    /// Of every file of the index, one more than the place of its row; 0 where it has none.
    places: Vec<u32>,
    /// Of every row, its file.
    files: Vec<usize>,
    rows: Vec<Row>,
}

impl Rows {
    /// Rows of an index of so many files; `files` are different ones.
    pub fn of(index: usize, files: Vec<usize>, rows: Vec<Row>) -> Self {
        let mut places = vec![0; index];
        files.iter().zip(1..).for_each(|(file, place)| places[*file] = place);
        Self { places, files, rows }
    }

    /// The row of a file, if it has one.
    pub fn get(&self, file: usize) -> Option<&Row> {
        self.rows.get((self.places[file] as usize).checked_sub(1)?)
    }

    /// The row of a file; one of zeros when it had none.
    pub fn at(&mut self, file: usize) -> &mut Row {
        if self.places[file] == 0 {
            self.files.push(file);
            self.rows.push([0.0; NAMES.len()]);
            self.places[file] = u32::try_from(self.rows.len()).expect("a tree's listing is capped");
        }
        &mut self.rows[self.places[file] as usize - 1]
    }

    /// All rows.
    pub fn all(&self) -> &[Row] {
        &self.rows
    }

    /// All rows with their files.
    pub fn with_files(&mut self) -> (&[usize], &mut [Row]) {
        (&self.files, &mut self.rows)
    }

    /// The files that have a row.
    pub fn files(&self) -> &[usize] {
        &self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_its_file() {
        let mut rows = Rows::of(4, vec![2, 0], vec![[2.0; NAMES.len()], [0.5; NAMES.len()]]);
        assert_eq!((rows.get(0).unwrap()[0], rows.get(2).unwrap()[0], rows.get(1)), (0.5, 2.0, None));
        rows.at(3)[1] = 7.0;
        rows.at(2)[1] = 1.0;
        assert_eq!((rows.files(), rows.all().len()), ([2, 0, 3].as_slice(), 3));
        assert_eq!((rows.get(3).unwrap()[..2].to_vec(), rows.get(2).unwrap()[1]), (vec![0.0, 7.0], 1.0));
    }
}
