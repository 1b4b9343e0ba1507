//! Statements over many rows in a few fixed shapes.
//!
//! In: rows of arguments. Out: statements over 8, 16 … 64 rows and over what is left, so that any number of rows takes
//! few statements and the engines' caches of prepared statements hold every shape.

use std::borrow::Cow;

use super::{
    StoreError,
    session::{Arg, Dialect, Session},
};

/// The most rows of one statement; 64 rows of 12 columns stay far below SQLite's limit of 32,766 arguments.
pub(super) const MOST_ROWS: usize = 64;

/// `(?, ?), (?, ?)` for so many rows and columns. SQLite gets bare question marks, because it looks up the name of a
/// numbered argument in a list each time it is bound; PostgreSQL gets `$1` and so on.
pub(super) fn placeholders(dialect: Dialect, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push_str(&placeholder(dialect, row * columns + column));
        }
        text.push(')');
    }
    text
}

/// The placeholder of the argument at `index`, counted from 0.
pub(super) fn placeholder(dialect: Dialect, index: usize) -> Cow<'static, str> {
    match dialect {
        Dialect::Sqlite => Cow::Borrowed("?"),
        Dialect::Postgres => Cow::Owned(format!("${}", index + 1)),
    }
}

/// Inserts rows (each as long as `columns` names columns) with as few statements as the shapes allow.
pub(super) async fn insert(
    db: &mut dyn Session,
    table: &'static str,
    columns: &'static str,
    rows: Vec<Vec<Arg>>,
) -> Result<(), StoreError> {
    let width = columns.split(',').count();
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let size = shape(left);
        let values = placeholders(db.dialect(), size, width);
        let sql = format!("INSERT INTO {table} ({columns}) VALUES {values}");
        db.run(Cow::Owned(sql), rows.by_ref().take(size).flatten().collect()).await?;
        left -= size;
    }
    Ok(())
}

/// How many of so many rows the next statement takes: eights first, then the rest.
fn shape(count: usize) -> usize {
    match count.min(MOST_ROWS) {
        few @ 0..8 => few,
        many => many - many % 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_eights_and_a_rest() {
        for (count, first) in [(1, 1), (7, 7), (8, 8), (15, 8), (63, 56), (64, 64), (65, 64), (500, 64)] {
            assert_eq!(shape(count), first, "{count}");
        }
    }

    #[test]
    fn placeholders_follow_the_dialect() {
        assert_eq!(placeholders(Dialect::Sqlite, 2, 2), "(?, ?), (?, ?)");
        assert_eq!(placeholders(Dialect::Postgres, 2, 2), "($1, $2), ($3, $4)");
    }
}
