//! The difference of two texts, line by line.
//!
//! Algorithm: the greedy one of E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), after equal lines at
//! both ends are set aside. Its work grows with the number of differences, so beyond a bound the middle counts as
//! replaced whole.

use std::collections::HashMap;

use serde::Serialize;

/// Equal lines shown around a change.
const CONTEXT: usize = 3;

/// More differing lines than this are not searched for a shorter way: work and memory grow with its square.
const MOST_EDITS: usize = 500;

/// Lines that belong together, with the equal lines before them that are left out.
#[derive(Debug, Default, Serialize)]
pub(super) struct Hunk {
    /// How many equal lines are left out before.
    pub skipped: usize,
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    /// `+`, `−` or a space.
    pub sign: &'static str,
    /// `added`, `removed` or `same`.
    pub kind: &'static str,
    pub text: String,
}

/// What a line of one of the texts is in the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Same,
    Removed,
    Added,
}

/// The difference as hunks with a little context.
pub(super) fn difference(old: &str, new: &str) -> Vec<Hunk> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = lines(&old, &new);
    let near = near_changes(&lines);
    let (mut hunks, mut current, mut skipped) = (Vec::new(), Hunk::default(), 0);
    for ((edit, text), near) in lines.into_iter().zip(near) {
        if !near {
            skipped += 1;
            continue;
        }
        if skipped > 0 && !current.lines.is_empty() {
            hunks.push(std::mem::take(&mut current));
        }
        current.skipped += std::mem::take(&mut skipped);
        let (sign, kind) = match edit {
            Edit::Same => (" ", "same"),
            Edit::Removed => ("−", "removed"),
            Edit::Added => ("+", "added"),
        };
        current.lines.push(Line { sign, kind, text: text.to_owned() });
    }
    if !current.lines.is_empty() {
        hunks.push(current);
    }
    hunks
}

/// For each line: is a change within the context?
fn near_changes(lines: &[(Edit, &str)]) -> Vec<bool> {
    let mut near = vec![false; lines.len()];
    for (index, _) in lines.iter().enumerate().filter(|(_, (edit, _))| *edit != Edit::Same) {
        let last = (index + CONTEXT).min(lines.len() - 1);
        near[index.saturating_sub(CONTEXT)..=last].fill(true);
    }
    near
}

/// Every line of both texts, in order.
fn lines<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Edit, &'t str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = (&old[head..], &new[head..]);
    let tail = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = (&rest.0[..rest.0.len() - tail], &rest.1[..rest.1.len() - tail]);
    let same = |lines: &[&'t str]| lines.iter().map(|line| (Edit::Same, *line)).collect::<Vec<_>>();
    [same(&old[..head]), changed(middle.0, middle.1), same(&rest.0[rest.0.len() - tail..])].concat()
}

/// The shortest way from one text to the other, or all removed and all added when that is too far.
fn changed<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Edit, &'t str)> {
    // Lines as numbers: comparing long lines again and again would make the work depend on their length.
    let mut numbers = HashMap::new();
    let mut number = |line: &&'t str| {
        let next = numbers.len();
        *numbers.entry(*line).or_insert(next)
    };
    let a: Vec<usize> = old.iter().map(&mut number).collect();
    let b: Vec<usize> = new.iter().map(&mut number).collect();
    let Some(edits) = shortest(&a, &b) else {
        let removed = old.iter().map(|line| (Edit::Removed, *line));
        return removed.chain(new.iter().map(|line| (Edit::Added, *line))).collect();
    };
    let (mut from, mut to) = (old.iter(), new.iter());
    let mut line = |edit: Edit| match edit {
        Edit::Same => {
            to.next();
            from.next().map(|line| (edit, *line))
        }
        Edit::Removed => from.next().map(|line| (edit, *line)),
        Edit::Added => to.next().map(|line| (edit, *line)),
    };
    edits.into_iter().filter_map(&mut line).collect()
}

/// Myers' greedy algorithm: the furthest point on each diagonal for 0, 1, 2 … edits, then the way back.
fn shortest(a: &[usize], b: &[usize]) -> Option<Vec<Edit>> {
    let most = (a.len() + b.len()).min(MOST_EDITS);
    let at = |diagonal: isize| (diagonal + most as isize + 1) as usize;
    let mut furthest = vec![0_usize; 2 * most + 3];
    let mut trail = Vec::new();
    for edits in 0..=most as isize {
        trail.push(furthest.clone());
        for diagonal in (-edits..=edits).step_by(2) {
            let down = goes_down(&furthest, diagonal, edits, at);
            let mut x = if down { furthest[at(diagonal + 1)] } else { furthest[at(diagonal - 1)] + 1 };
            let mut y = (x as isize - diagonal) as usize;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[at(diagonal)] = x;
            if x >= a.len() && y >= b.len() {
                return Some(way_back(&trail, a.len(), b.len(), at));
            }
        }
    }
    None
}

/// Does the best way onto a diagonal come from the one above, by adding a line?
fn goes_down(furthest: &[usize], diagonal: isize, edits: isize, at: impl Fn(isize) -> usize) -> bool {
    diagonal == -edits || (diagonal != edits && furthest[at(diagonal - 1)] < furthest[at(diagonal + 1)])
}

/// Follows the trail from the end to the start.
fn way_back(trail: &[Vec<usize>], mut x: usize, mut y: usize, at: impl Fn(isize) -> usize) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (edit_count, furthest) in trail.iter().enumerate().rev() {
        let (diagonal, edit_count) = (x as isize - y as isize, edit_count as isize);
        let down = goes_down(furthest, diagonal, edit_count, &at);
        let previous = if down { diagonal + 1 } else { diagonal - 1 };
        let before_x = if edit_count == 0 { 0 } else { furthest[at(previous)] };
        let before_y = if edit_count == 0 { 0 } else { (before_x as isize - previous) as usize };
        while x > before_x && y > before_y {
            edits.push(Edit::Same);
            (x, y) = (x - 1, y - 1);
        }
        if edit_count > 0 {
            edits.push(if down { Edit::Added } else { Edit::Removed });
            (x, y) = (before_x, before_y);
        }
    }
    edits.reverse();
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The difference as text, with `…` for lines left out.
    fn check(old: &str, new: &str, expected: &str) {
        let mut shown = String::new();
        for hunk in difference(old, new) {
            if hunk.skipped > 0 {
                shown.push_str(&format!("…{}\n", hunk.skipped));
            }
            hunk.lines.iter().for_each(|line| shown.push_str(&format!("{}{}\n", line.sign, line.text)));
        }
        assert_eq!(shown, expected, "from {old:?} to {new:?}");
    }

    #[test]
    fn changes_stand_in_their_context() {
        check("a\nb", "a\nb", "");
        check("", "a", "+a\n");
        check("a", "", "−a\n");
        check("a\nb\nc", "a\nx\nc", " a\n−b\n+x\n c\n");
        check("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc", "−a\n−b\n c\n+b\n a\n b\n−b\n a\n+c\n");
    }

    #[test]
    fn equal_lines_far_from_changes_are_left_out() {
        let text: Vec<String> = (0..40).map(|i| i.to_string()).collect();
        let mut new = text.clone();
        (new[10], new[30]) = ("ten".to_owned(), "thirty".to_owned());
        let expected = "…7\n 7\n 8\n 9\n−10\n+ten\n 11\n 12\n 13\n…13\n 27\n 28\n 29\n−30\n+thirty\n 31\n 32\n 33\n";
        check(&text.join("\n"), &new.join("\n"), expected);
    }

    #[test]
    fn texts_that_share_nothing_are_replaced_whole_in_bounded_time() {
        let text = |word: &str| (0..50_000).map(|i| format!("{word}{i}\n")).collect::<String>();
        let hunks = difference(&text("a"), &text("b"));
        assert_eq!(hunks[0].lines.len(), 100_000);
        assert_eq!((hunks[0].lines[0].sign, hunks[0].lines[99_999].sign), ("−", "+"));
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_the_difference(old in "([abc]\n){0,12}", new in "([abc]\n){0,12}") {
            let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
            let all = lines(&a, &b);
            let without = |gone: Edit| all.iter().filter(|(edit, _)| *edit != gone).map(|(_, line)| *line).collect::<Vec<_>>();
            proptest::prop_assert_eq!(without(Edit::Added), a);
            proptest::prop_assert_eq!(without(Edit::Removed), b);
        }
    }
}
