//! The keys of a YAML file with their lines, as far as workflows need them.
//!
//! In: a text. Out: its [`Outline`]: keys and list items by indentation, block scalars with their lines. No anchors, no
//! flow collections: those stay what they are, the text of a value.

/// One key, or one item of a list.
#[derive(Debug)]
pub struct Node<'t> {
    /// `-` for an item.
    pub key: &'t str,
    /// What stands behind the key on its line, without a remark.
    pub value: &'t str,
    /// Line of the key.
    pub number: u32,
    pub parent: Option<usize>,
    /// The lines of a block scalar, or of a list of plain scalars below a key whose lists are read as lines.
    pub text: Vec<(&'t str, u32)>,
    column: usize,
}

/// A file's nodes, in the order of its lines.
#[derive(Debug, Default)]
pub struct Outline<'t> {
    pub nodes: Vec<Node<'t>>,
}

impl<'t> Outline<'t> {
    /// Reads a text; a list below one of the keys `lists` is read as lines.
    pub fn of(text: &'t str, lists: &[&str]) -> Self {
        let mut outline = Self::default();
        // The nodes around the line, outermost first.
        let mut around: Vec<usize> = Vec::new();
        let mut block: Option<usize> = None;
        let mut lines = text.lines().zip(1_u32..).peekable();
        while let Some((line, number)) = lines.next() {
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with('#') {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            if let Some(at) = block {
                let node = &mut outline.nodes[at];
                let is_item = node.value.is_empty() && indent == node.column && bare.starts_with("- ");
                if indent > node.column || is_item {
                    let line = if node.value.is_empty() { bare.trim_start_matches("- ") } else { bare };
                    node.text.push((line, number));
                    continue;
                }
                block = None;
            }
            let Some(at) = outline.read(&mut around, bare, indent, number) else { continue };
            let next = lines.peek().map_or("", |(next, _)| next.trim_start());
            let node = &outline.nodes[at];
            let is_list = node.value.is_empty() && lists.contains(&node.key) && next.starts_with("- ");
            block = (node.value.starts_with(['|', '>']) || is_list).then_some(at);
        }
        outline
    }

    /// Reads one line: its items, then its key.
    fn read(&mut self, around: &mut Vec<usize>, line: &'t str, indent: usize, number: u32) -> Option<usize> {
        let (mut rest, mut column) = (line, indent);
        while let Some(inner) = rest.strip_prefix('-').filter(|inner| inner.is_empty() || inner.starts_with(' ')) {
            around.retain(|at| self.nodes[*at].column < column || self.is_key_at(*at, column));
            self.push(around, Node { key: "-", value: "", number, parent: None, text: Vec::new(), column });
            let bare = inner.trim_start();
            column += rest.len() - bare.len();
            rest = bare;
        }
        let (key, value) = rest.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '))?;
        let is_key = |c: char| c.is_alphanumeric() || "_-./".contains(c);
        let key = key.trim_matches(['"', '\'']);
        if key.is_empty() || !key.chars().all(is_key) {
            return None;
        }
        around.retain(|at| self.nodes[*at].column < column);
        let value = without_remark(value.trim());
        Some(self.push(around, Node { key, value, number, parent: None, text: Vec::new(), column }))
    }

    /// Is the node a key whose list may stand in its own column?
    fn is_key_at(&self, at: usize, column: usize) -> bool {
        self.nodes[at].column == column && self.nodes[at].key != "-"
    }

    fn push(&mut self, around: &mut Vec<usize>, node: Node<'t>) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node { parent: around.last().copied(), ..node });
        around.push(at);
        at
    }

    /// The nodes around one, innermost first.
    pub fn above(&self, at: usize) -> impl Iterator<Item = &Node<'t>> {
        std::iter::successors(self.nodes[at].parent, |at| self.nodes[*at].parent).map(|at| &self.nodes[at])
    }

    /// The nodes directly below one; `None` is the file.
    pub fn below(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &Node<'t>)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.parent == parent)
    }

    /// The value of a key that stands beside a node, or beside one around it: the nearest first.
    pub fn beside(&self, at: usize, is_wanted: impl Fn(&Node<'t>) -> bool) -> impl Iterator<Item = (usize, &Node<'t>)> {
        let ways = std::iter::successors(Some(at), |at| self.nodes[*at].parent);
        ways.flat_map(|at| self.below(self.nodes[at].parent)).filter(move |(_, node)| is_wanted(node))
    }
}

/// A value without the remark behind it.
fn without_remark(value: &str) -> &str {
    let is_quoted = |before: &str| before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1;
    let end = value.match_indices(" #").map(|(at, _)| at).find(|at| !is_quoted(&value[..*at]));
    let end = if value.starts_with('#') { 0 } else { end.unwrap_or(value.len()) };
    value[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_know_what_is_around_them() {
        let text = "jobs:\n  a:\n    steps:\n    - name: x # one\n      run: |\n        b: c\n    - run: d\n";
        let outline = Outline::of(text, &[]);
        let found: Vec<(&str, &str, usize)> =
            outline.nodes.iter().enumerate().map(|(at, n)| (n.key, n.value, outline.above(at).count())).collect();
        let expected = [
            ("jobs", "", 0),
            ("a", "", 1),
            ("steps", "", 2),
            ("-", "", 3),
            ("name", "x", 4),
            ("run", "|", 4),
            ("-", "", 3),
            ("run", "d", 4),
        ];
        assert_eq!(found, expected);
        assert_eq!(outline.nodes[5].text, [("b: c", 6)]);
    }

    #[test]
    fn a_list_of_lines_may_stand_in_the_column_of_its_key() {
        let outline = Outline::of("test:\n  script:\n  - npm ci\n  - npm test\n  tags: x\n", &["script"]);
        assert_eq!(outline.nodes[1].text, [("npm ci", 3), ("npm test", 4)]);
        assert_eq!(outline.nodes.last().map(|n| n.key), Some("tags"));
    }
}
