//! Refuses templates that could take the program down: too deep, in circles, or without end.
//!
//! In: a template's text, or a compiled template. Out: problems with their place. handlebars itself recurses without a
//! bound in parsing, in partials and in subexpressions, so the text is scanned before it is parsed.

use std::collections::BTreeMap;

use handlebars::template::{HelperTemplate, Template, TemplateElement};

use super::source::{PackProblem, position};

/// The deepest nesting of blocks in one file, and of brackets in one expression.
const DEEPEST: usize = 24;
/// The deepest nesting of `each` through all partials: lists of a plan are short, their product is not.
const DEEPEST_EACH: usize = 4;
/// The most elements of a template, those of its partials included as often as it includes them.
const MOST_PARTS: u64 = 50_000;

/// Scans a text before it is parsed.
pub fn scan(text: &str, origin: &str) -> Option<PackProblem> {
    let mut blocks = 0usize;
    let mut at = 0;
    while let Some(found) = text[at..].find("{{") {
        let start = at + found + 2;
        let end = text[start..].find("}}").map_or(text.len(), |e| start + e);
        let inside = text[start..end].trim_start_matches(['{', '~']);
        match inside.chars().next() {
            Some('#') => blocks += 1,
            Some('/') => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        if blocks > DEEPEST || brackets(inside) > DEEPEST {
            let (line, column) = position(text, start);
            let message = format!("nested deeper than {DEEPEST}");
            return Some(PackProblem { file: origin.to_owned(), line, column, message });
        }
        at = end;
    }
    None
}

/// The deepest nesting of round brackets.
fn brackets(expression: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for c in expression.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What a template uses.
#[derive(Default)]
pub struct Uses {
    /// Partials, each with the depth of `each` around it and its line and column.
    pub partials: Vec<(String, usize, (usize, usize))>,
    /// The deepest `each` of its own.
    pub each: usize,
    /// Elements, those of blocks included.
    pub own: u64,
    pub problems: Vec<((usize, usize), String)>,
}

/// How much a template can take, its partials included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The deepest nesting of `each`.
    pub each: usize,
    /// Elements, where every `each` goes round once.
    pub parts: u64,
}

/// Walks a compiled template.
pub fn uses(template: &Template) -> Uses {
    let mut uses = Uses::default();
    walk(template, 0, &mut uses);
    uses
}

/// Elements of a template, partials included.
pub fn parts(template: &Template, partials: &BTreeMap<String, u64>) -> u64 {
    let uses = uses(template);
    uses.partials.iter().fold(uses.own, |sum, (name, ..)| sum.saturating_add(partials.get(name).copied().unwrap_or(0)))
}

/// Walks the elements; depth is bounded by [`scan`].
fn walk(template: &Template, each: usize, uses: &mut Uses) {
    uses.each = uses.each.max(each);
    uses.own = uses.own.saturating_add(template.elements.len() as u64);
    for (element, at) in template.elements.iter().zip(&template.mapping) {
        let at = (at.0, at.1);
        match element {
            TemplateElement::HelperBlock(block) => helper(block, each, uses),
            TemplateElement::PartialExpression(partial) | TemplateElement::PartialBlock(partial) => {
                match partial.name.as_name() {
                    Some(name) => uses.partials.push((name.to_owned(), each, at)),
                    None => uses.problems.push((at, "a partial's name must be written out".to_owned())),
                }
                if let Some(inner) = &partial.template {
                    walk(inner, each, uses);
                }
            }
            TemplateElement::DecoratorExpression(_) | TemplateElement::DecoratorBlock(_) => {
                uses.problems.push((at, "decorators are not supported: write a file in partials/".to_owned()));
            }
            _ => {}
        }
    }
}

/// Walks a block and its `else`.
fn helper(block: &HelperTemplate, each: usize, uses: &mut Uses) {
    let is_each = matches!(block.name.as_name(), Some("each"));
    if let Some(inner) = &block.template {
        walk(inner, each + usize::from(is_each), uses);
    }
    if let Some(inverse) = &block.inverse {
        walk(inverse, each, uses);
    }
}

/// Follows the partials of all templates: each must exist, none may lead back to itself, and none may reach too far.
pub struct Follow<'u> {
    all: &'u BTreeMap<String, Uses>,
    known: BTreeMap<String, Reach>,
}

impl<'u> Follow<'u> {
    pub fn new(all: &'u BTreeMap<String, Uses>) -> Self {
        Self { all, known: BTreeMap::new() }
    }

    /// How far a template reaches; each template is followed once.
    pub fn reach(&mut self, name: &str, trail: &mut Vec<String>) -> Result<Reach, String> {
        if let Some(reach) = self.known.get(name) {
            return Ok(*reach);
        }
        let Some(own) = self.all.get(name) else { return Err(format!("there is no partial {name:?}")) };
        if trail.iter().any(|t| t == name) {
            return Err(format!("partials lead in a circle: {} → {name}", trail.join(" → ")));
        }
        if trail.len() > DEEPEST {
            return Err(format!("partials are nested deeper than {DEEPEST}"));
        }
        trail.push(name.to_owned());
        let mut reach = Reach { each: own.each, parts: own.own };
        for (partial, depth, _) in &own.partials {
            let inner = self.reach(partial, trail)?;
            reach.each = reach.each.max(depth + inner.each);
            reach.parts = reach.parts.saturating_add(inner.parts);
        }
        trail.pop();
        if reach.each > DEEPEST_EACH {
            return Err(format!("each is nested deeper than {DEEPEST_EACH}, counting partials"));
        }
        if reach.parts > MOST_PARTS {
            return Err(format!("it has more than {MOST_PARTS} parts, counting partials"));
        }
        self.known.insert(name.to_owned(), reach);
        Ok(reach)
    }

    /// The parts of every template that was followed to its end.
    pub fn parts(self) -> BTreeMap<String, u64> {
        self.known.into_iter().map(|(name, reach)| (name, reach.parts)).collect()
    }
}
