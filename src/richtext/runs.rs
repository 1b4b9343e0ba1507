//! Running text as runs: pieces side by side, each with all of its styles.
//!
//! In: a tree of inlines, or runs as a reader meets them. Out: the other. Trees made here nest in one order: link,
//! strong, emphasis, strike. ADF stores text in this way, and tags or marks that overlap come out right.
//! Never nests a style in itself, and never deeper than there are styles.

use std::sync::Arc;

use super::Inline;

/// The styles of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Styles {
    /// Where it links to.
    pub url: Option<Arc<str>>,
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
}

/// A piece of running text that holds no other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub styles: Styles,
    /// Text, code, a mention, a medium or a break.
    pub leaf: Inline,
}

/// The runs of inlines.
pub(crate) fn flatten(content: &[Inline]) -> Vec<Run> {
    let mut out = Vec::new();
    flatten_into(content, &Styles::default(), &mut out);
    out
}

/// Appends the runs of inlines that stand inside `styles`.
fn flatten_into(content: &[Inline], styles: &Styles, out: &mut Vec<Run>) {
    for inline in content {
        let styles = styles.clone();
        match inline {
            Inline::Strong { content } => flatten_into(content, &Styles { strong: true, ..styles }, out),
            Inline::Emphasis { content } => flatten_into(content, &Styles { emphasis: true, ..styles }, out),
            Inline::Strike { content } => flatten_into(content, &Styles { strike: true, ..styles }, out),
            Inline::Link { url, content } => {
                flatten_into(content, &Styles { url: Some(url.as_str().into()), ..styles }, out);
            }
            leaf => out.push(Run { styles, leaf: leaf.clone() }),
        }
    }
}

/// The longest that the addresses of a paragraph may become in all, in bytes, where each run repeats its own.
const MAX_ADDRESSES: usize = 1 << 16;

/// The runs, without long addresses where repeating them would take far more room than the text.
pub(crate) fn brief(mut runs: Vec<Run>) -> Vec<Run> {
    let total: usize = runs.iter().filter_map(|run| run.styles.url.as_deref()).map(str::len).sum();
    if total > MAX_ADDRESSES {
        for run in &mut runs {
            run.styles.url.take_if(|url| url.len() > 255);
        }
    }
    runs
}

/// The styles, from the outermost in.
const ORDER: [Style; 4] = [Style::Link, Style::Strong, Style::Emphasis, Style::Strike];

/// One of the styles.
#[derive(Clone, Copy)]
enum Style {
    Link,
    Strong,
    Emphasis,
    Strike,
}

impl Style {
    /// Do both runs have the style, or neither? Links are alike when they lead to one place.
    fn alike(self, one: &Styles, other: &Styles) -> bool {
        match self {
            Self::Link => one.url == other.url,
            Self::Strong => one.strong == other.strong,
            Self::Emphasis => one.emphasis == other.emphasis,
            Self::Strike => one.strike == other.strike,
        }
    }

    /// The content in this style, where the styles hold it.
    fn wrap(self, styles: &Styles, content: Vec<Inline>) -> Vec<Inline> {
        match (self, &styles.url) {
            (Self::Link, Some(url)) => vec![Inline::Link { url: url.to_string(), content }],
            (Self::Strong, _) if styles.strong => vec![Inline::Strong { content }],
            (Self::Emphasis, _) if styles.emphasis => vec![Inline::Emphasis { content }],
            (Self::Strike, _) if styles.strike => vec![Inline::Strike { content }],
            _ => content,
        }
    }
}

/// The inlines that runs make.
pub(crate) fn nest(runs: Vec<Run>) -> Vec<Inline> {
    group(runs, &ORDER)
}

/// Neighbours that are alike in the first style become one, and within them those alike in the next.
fn group(runs: Vec<Run>, order: &[Style]) -> Vec<Inline> {
    let Some((style, inner)) = order.split_first() else { return runs.into_iter().map(|run| run.leaf).collect() };
    let mut out = Vec::new();
    let mut runs = runs.into_iter().peekable();
    while let Some(run) = runs.next() {
        let styles = run.styles.clone();
        let mut alike = vec![run];
        while let Some(next) = runs.next_if(|next| style.alike(&styles, &next.styles)) {
            alike.push(next);
        }
        out.extend(style.wrap(&styles, group(alike, inner)));
    }
    out
}
