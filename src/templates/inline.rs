//! Puts partials into the templates that include them.
//!
//! In: compiled templates whose partials lead in no circle. Out: templates that render the same. The engine copies the
//! data that a partial is entered with, each time, which for a large plan costs more than all the rest; a part that
//! stands in its place reads the data where they are. What would read differently there stays a partial: one that is
//! entered with other data or from inside named block parameters, that is indented or a block, or that looks above its
//! own data.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{
    BlockContext, BlockParamHolder, Context, Handlebars, Helper, HelperResult, Output, RenderContext, Renderable,
    template::{DecoratorTemplate, HelperTemplate, Template, TemplateElement},
};

/// The helper that renders a part in its place.
const HELPER: &str = "include";
/// The most elements that are put in, all templates together: packs may come from a stranger's repository, and a partial
/// that many others include stands in each of them. What is beyond stays a partial.
const MOST: usize = 50_000;

/// Registers the helper.
pub fn register(handlebars: &mut Handlebars<'static>) {
    handlebars.register_helper(HELPER, Box::new(include));
}

/// The templates with their partials put in. `looks_up` says which of them may look above their own data.
pub fn inlined(templates: &BTreeMap<String, Template>, looks_up: impl Fn(&str) -> bool) -> BTreeMap<String, Template> {
    let mut stays: BTreeSet<String> = templates.keys().filter(|name| looks_up(name)).cloned().collect();
    for template in templates.values() {
        find_those_that_stay(template, false, &mut stays);
    }
    let mut work = Work { templates, stays, done: BTreeMap::new(), left: MOST };
    templates.keys().for_each(|name| work.put_in(name));
    work.done
}

/// Finds the partials that some template includes in a way that only a partial can be included.
fn find_those_that_stay(template: &Template, is_named: bool, stays: &mut BTreeSet<String>) {
    for element in &template.elements {
        match element {
            TemplateElement::HelperBlock(block) => {
                let is_named = is_named || block.block_param.is_some();
                for inner in block.template.iter().chain(&block.inverse) {
                    find_those_that_stay(inner, is_named, stays);
                }
            }
            TemplateElement::PartialExpression(partial)
                if !is_named && partial.params.is_empty() && partial.indent.is_none() => {}
            TemplateElement::PartialExpression(partial) | TemplateElement::PartialBlock(partial) => {
                stays.extend(partial.name.as_name().map(str::to_owned));
                if let Some(inner) = &partial.template {
                    find_those_that_stay(inner, is_named, stays);
                }
            }
            _ => {}
        }
    }
}

/// Templates on their way.
struct Work<'t> {
    templates: &'t BTreeMap<String, Template>,
    /// The partials that stay partials.
    stays: BTreeSet<String>,
    done: BTreeMap<String, Template>,
    /// How many elements may still be put in.
    left: usize,
}

impl Work<'_> {
    /// Puts partials into a template, theirs first.
    fn put_in(&mut self, name: &str) {
        let Some(template) = self.templates.get(name).filter(|_| !self.done.contains_key(name)) else { return };
        let mut template = template.clone();
        replace(&mut template, &mut |partial| {
            let name = partial.name.as_name().filter(|name| !self.stays.contains(*name))?;
            self.put_in(name);
            let body = self.done.get(name)?;
            self.left = self.left.checked_sub(elements(body))?;
            Some(part(partial, body.clone()))
        });
        self.done.insert(name.to_owned(), template);
    }
}

/// How many elements a template has, those of its blocks included.
fn elements(template: &Template) -> usize {
    let inner = |element: &TemplateElement| match element {
        TemplateElement::HelperBlock(block) => block.template.iter().chain(&block.inverse).map(elements).sum(),
        _ => 0,
    };
    template.elements.len() + template.elements.iter().map(inner).sum::<usize>()
}

/// Replaces partials at any depth of blocks.
fn replace(template: &mut Template, with: &mut impl FnMut(&DecoratorTemplate) -> Option<HelperTemplate>) {
    for element in &mut template.elements {
        match element {
            TemplateElement::PartialExpression(partial) => {
                if let Some(part) = with(partial) {
                    *element = TemplateElement::HelperBlock(Box::new(part));
                }
            }
            TemplateElement::HelperBlock(block) => {
                for inner in block.template.iter_mut().chain(&mut block.inverse) {
                    replace(inner, with);
                }
            }
            _ => {}
        }
    }
}

/// The block that stands for a partial.
fn part(partial: &DecoratorTemplate, template: Template) -> HelperTemplate {
    let empty = Template::compile(&format!("{{{{#{HELPER}}}}}{{{{/{HELPER}}}}}")).expect("a constant template");
    let Some(TemplateElement::HelperBlock(mut block)) = empty.elements.into_iter().next() else {
        unreachable!("it is one block");
    };
    block.hash.clone_from(&partial.hash);
    block.template = Some(template);
    *block
}

/// Renders its block where it stands; what it is given becomes names inside it, as in a partial.
fn include<'reg, 'rc>(
    h: &Helper<'rc>,
    r: &'reg Handlebars<'reg>,
    ctx: &'rc Context,
    rc: &mut RenderContext<'reg, 'rc>,
    out: &mut dyn Output,
) -> HelperResult {
    let Some(template) = h.template() else { return Ok(()) };
    let outer = rc.get_current_template_name();
    let is_given = !h.hash().is_empty();
    if is_given {
        let mut block = BlockContext::new();
        if let Some(around) = rc.block() {
            block.base_path_mut().clone_from(around.base_path());
            block.local_variables_mut().clone_from(around.local_variables());
            if let Some(value) = around.base_value() {
                block.set_base_value(value.clone());
            }
        }
        for (name, value) in h.hash() {
            block.set_block_param(name, BlockParamHolder::value(value.value().clone()));
        }
        rc.push_block(block);
    }
    let rendered = template.render(r, ctx, rc, out);
    if is_given {
        rc.pop_block();
    }
    rc.set_current_template_name(outer);
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partials_that_include_each_other_many_times_take_bounded_room() {
        let large = format!("{}\n", "{{title}} ".repeat(2_000));
        let mut texts = vec![("large".to_owned(), large)];
        texts.extend((0..30).map(|at| (format!("user{at}"), "{{> large}}\n".repeat(20))));
        let compiled = |(name, text): &(String, String)| (name.clone(), Template::compile(text).expect("it compiles"));
        let templates: BTreeMap<String, Template> = texts.iter().map(compiled).collect();
        let own: usize = templates.values().map(elements).sum();
        let all: usize = inlined(&templates, |_| false).values().map(elements).sum();
        assert!(all > own && all <= own + MOST + 600, "{own} elements became {all}");
    }
}
