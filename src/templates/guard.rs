//! Refuses templates that could take the program down: too deep, in circles, or without end.
//!
//! In: a template's text, or a compiled template. Out: problems with their place. handlebars itself recurses without a
//! bound in parsing, in partials and in subexpressions, so the text is scanned before it is parsed.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::template::{HelperTemplate, Template, TemplateElement};

use super::source::{PackProblem, position};

/// The deepest nesting of blocks in one file, and of brackets in one expression.
const DEEPEST: usize = 24;
/// The deepest nesting of `each` through all partials: lists of a plan are short, their product is not.
const DEEPEST_EACH: usize = 4;

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
    pub problems: Vec<((usize, usize), String)>,
}

/// Walks a compiled template.
pub fn uses(template: &Template) -> Uses {
    let mut uses = Uses::default();
    walk(template, 0, &mut uses);
    uses
}

/// Walks the elements; depth is bounded by [`scan`].
fn walk(template: &Template, each: usize, uses: &mut Uses) {
    uses.each = uses.each.max(each);
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

/// Follows the partials of a template: each must exist, none may lead back to itself, and `each` may not nest too deep.
pub fn follow(name: &str, all: &BTreeMap<String, Uses>, trail: &mut Vec<String>, each: usize) -> Result<usize, String> {
    let Some(own) = all.get(name) else { return Err(format!("there is no partial {name:?}")) };
    if trail.iter().any(|t| t == name) {
        return Err(format!("partials lead in a circle: {} → {name}", trail.join(" → ")));
    }
    if trail.len() > DEEPEST {
        return Err(format!("partials are nested deeper than {DEEPEST}"));
    }
    trail.push(name.to_owned());
    let mut deepest = each + own.each;
    let called: BTreeSet<(&str, usize)> = own.partials.iter().map(|(n, d, _)| (n.as_str(), *d)).collect();
    for (partial, depth) in called {
        deepest = deepest.max(follow(partial, all, trail, each + depth)?);
    }
    trail.pop();
    if deepest > DEEPEST_EACH {
        return Err(format!("each is nested deeper than {DEEPEST_EACH}, counting partials"));
    }
    Ok(deepest)
}
