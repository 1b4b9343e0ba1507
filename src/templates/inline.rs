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
    let mut done = BTreeMap::new();
    for name in templates.keys() {
        put_in(name, templates, &stays, &mut done);
    }
    done
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

/// Puts partials into a template, theirs first.
fn put_in(
    name: &str,
    templates: &BTreeMap<String, Template>,
    stays: &BTreeSet<String>,
    done: &mut BTreeMap<String, Template>,
) {
    let Some(template) = templates.get(name).filter(|_| !done.contains_key(name)) else { return };
    let mut template = template.clone();
    replace(&mut template, &mut |partial| {
        let name = partial.name.as_name().filter(|name| !stays.contains(*name))?;
        put_in(name, templates, stays, done);
        Some(part(partial, done.get(name)?.clone()))
    });
    done.insert(name.to_owned(), template);
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
