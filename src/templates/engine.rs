//! Compiles packs, proves them on a sample plan, and renders within bounds.

use std::{collections::BTreeMap, io};

use handlebars::{Handlebars, template::Template};
use serde_json::Value;

use super::{
    each,
    guard::{self, Follow, Uses},
    helpers, inline, literal, sample,
    source::{PackProblem, Sources},
};

/// The largest document, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("no template is called {0:?}")]
    UnknownPack(String),
    #[error("template {template} at line {line}, column {column}: {message}")]
    Template { template: String, line: usize, column: usize, message: String },
}

/// The compiled templates.
pub struct Engine {
    handlebars: Handlebars<'static>,
}

impl Engine {
    /// Compiles everything, checks it and renders each pack with a full and with an empty plan.
    pub fn build(sources: &Sources) -> Result<Self, Vec<PackProblem>> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.set_prevent_indent(true);
        handlebars.register_escape_fn(literal::prose);
        helpers::register(&mut handlebars);
        inline::register(&mut handlebars);
        let mut problems = Vec::new();
        let mut uses: BTreeMap<String, Uses> = BTreeMap::new();
        let mut templates: BTreeMap<String, Template> = BTreeMap::new();
        let texts: Vec<(String, &str, &str)> = texts(sources);
        for (name, text, origin) in &texts {
            match compile(name, text, origin) {
                Ok(template) => {
                    uses.insert(name.clone(), guard::uses(&template));
                    templates.insert(name.clone(), template.clone());
                    handlebars.register_template(name, template);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let (used, parts) = check_uses(&texts, &uses);
        problems.extend(used);
        handlebars.register_helper("each", Box::new(each::Each { parts }));
        let mut engine = Self { handlebars };
        if problems.is_empty() {
            problems.extend(engine.prove(sources));
        }
        problems.sort();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
        let looks_up = |name: &str| texts.iter().any(|(of, text, _)| of == name && text.contains("../"));
        for (name, template) in inline::inlined(&templates, looks_up) {
            engine.handlebars.register_template(&name, template);
        }
        Ok(engine)
    }

    /// Renders a template within bounds, tidied, with a newline at the end.
    pub fn render(&self, template: &str, data: &Value) -> Result<String, RenderError> {
        let mut out = Bounded { bytes: Vec::new() };
        each::begin();
        self.handlebars.render_to_write(template, data, &mut out).map_err(|error| {
            let name = error.template_name.clone().unwrap_or_else(|| template.to_owned());
            let (line, column) = (error.line_no.unwrap_or(1), error.column_no.unwrap_or(1));
            RenderError::Template { template: name, line, column, message: error.reason().to_string() }
        })?;
        Ok(literal::tidy(&String::from_utf8_lossy(&out.bytes)))
    }

    /// Renders every pack with the samples, so that a wrong name is found now and not on a ticket.
    fn prove(&self, sources: &Sources) -> Vec<PackProblem> {
        let origin = |template: &str| {
            let pack = template.split('/').next().unwrap_or_default();
            let partial = sources.partials.get(template).map(|p| p.origin.clone());
            partial.or_else(|| {
                let pack = sources.packs.iter().find(|p| p.name == pack)?;
                let is_prompt = template.ends_with("/prompt");
                Some(if is_prompt { pack.origin.replace("plan.md.hbs", "prompt.md.hbs") } else { pack.origin.clone() })
            })
        };
        let mut problems = Vec::new();
        let names = sources.packs.iter().flat_map(|p| [format!("{}/plan", p.name), format!("{}/prompt", p.name)]);
        for name in names {
            for data in [sample::full(), sample::empty()] {
                if let Err(RenderError::Template { template, line, column, message }) = self.render(&name, &data) {
                    let file = origin(&template).unwrap_or(template);
                    problems.push(PackProblem { file, line, column, message });
                }
            }
        }
        problems
    }
}

/// All texts with their names and origins.
fn texts(sources: &Sources) -> Vec<(String, &str, &str)> {
    let partials = sources.partials.iter().map(|(name, p)| (name.clone(), p.text.as_str(), p.origin.as_str()));
    let packs = sources.packs.iter().flat_map(|p| {
        [
            (format!("{}/plan", p.name), p.plan.as_str(), p.origin.as_str()),
            (format!("{}/prompt", p.name), p.prompt.as_str(), p.origin.as_str()),
        ]
    });
    partials.chain(packs).collect()
}

/// Compiles one text.
fn compile(name: &str, text: &str, origin: &str) -> Result<Template, PackProblem> {
    if let Some(problem) = guard::scan(text, origin) {
        return Err(problem);
    }
    Template::compile_with_name(text, name.to_owned()).map_err(|error| {
        let (line, column) = error.pos().unwrap_or((1, 1));
        let message =
            error.reason().to_string().lines().last().unwrap_or_default().trim_start_matches([' ', '=']).to_owned();
        PackProblem { file: origin.to_owned(), line, column, message }
    })
}

/// Partials that do not exist or lead in circles, decorators, `each` nested too deep; and the parts of each template.
fn check_uses(
    texts: &[(String, &str, &str)],
    uses: &BTreeMap<String, Uses>,
) -> (Vec<PackProblem>, BTreeMap<String, u64>) {
    let mut problems = Vec::new();
    let mut follow = Follow::new(uses);
    for (name, _, origin) in texts {
        let Some(own) = uses.get(name) else { continue };
        let file = (*origin).to_owned();
        let at =
            |(line, column): (usize, usize), message: String| PackProblem { file: file.clone(), line, column, message };
        problems.extend(own.problems.iter().map(|(place, message)| at(*place, message.clone())));
        let mut is_whole = true;
        for (partial, _, place) in &own.partials {
            if let Err(message) = follow.reach(partial, &mut vec![name.clone()]) {
                problems.push(at(*place, message));
                is_whole = false;
            }
        }
        if is_whole && let Err(message) = follow.reach(name, &mut Vec::new()) {
            problems.push(at((1, 1), message));
        }
    }
    (problems, follow.parts())
}

/// A writer that refuses to grow without end.
struct Bounded {
    bytes: Vec<u8>,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > LARGEST {
            return Err(io::Error::other(format!("the document is larger than {LARGEST} bytes")));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_packs_enter_no_partials() {
        let sources = crate::templates::source::read(&[]).unwrap_or_else(|problems| panic!("{problems:?}"));
        let engine = Engine::build(&sources).unwrap_or_else(|problems| panic!("{problems:?}"));
        for pack in &sources.packs {
            let plan = engine.handlebars.get_template(&format!("{}/plan", pack.name)).expect("it is registered");
            assert_eq!(guard::uses(plan).partials, [], "{}", pack.name);
        }
    }

    #[test]
    fn what_is_put_in_place_renders_as_the_partial_did() {
        let check = |files: &[(&str, &str)]| {
            let mut plain = Handlebars::new();
            plain.set_strict_mode(true);
            helpers::register(&mut plain);
            inline::register(&mut plain);
            plain.register_helper("each", Box::new(each::Each { parts: BTreeMap::new() }));
            let compiled = |(name, text): &(&str, &str)| {
                ((*name).to_owned(), Template::compile_with_name(text, (*name).to_owned()).expect("it compiles"))
            };
            let templates: BTreeMap<String, Template> = files.iter().map(compiled).collect();
            let mut put = plain.clone();
            templates.iter().for_each(|(name, template)| plain.register_template(name, template.clone()));
            let looks_up = |name: &str| files.iter().any(|(of, text)| *of == name && text.contains("../"));
            let inlined = inline::inlined(&templates, looks_up);
            inlined.into_iter().for_each(|(name, template)| put.register_template(&name, template));
            let list = serde_json::json!([{"name": "a", "tags": ["x", "y"]}, {"name": "b", "tags": []}]);
            let data =
                serde_json::json!({"title": "T", "list": list, "other": ["o"], "deep": {"list": [{"name": "d"}]}});
            let render = |engine: &Handlebars<'_>| {
                each::begin();
                engine.render("main", &data).expect("it renders")
            };
            assert_eq!(render(&put), render(&plain), "{files:?}");
            assert!(!render(&plain).trim().is_empty());
        };
        let names = ("names", "{{#each list}}\n- {{name}}{{#unless @last}},{{/unless}}\n{{/each}}\n");
        check(&[("main", "{{title}}\n\n{{> names}}\nend"), names]);
        check(&[("main", "{{#each list}}\n  {{> one}}\n{{/each}}\n"), ("one", "{{@index}} {{name}}\n")]);
        check(&[("main", "{{> names list=deep.list}}\n{{> names}}"), names]);
        check(&[("main", "{{#each list}}{{> tags list=tags}}{{/each}}"), ("tags", "{{#each list}}{{this}};{{/each}}")]);
        check(&[
            ("main", "{{> labelled label=\"L\" list=list}}\n{{> labelled label=title list=other}}"),
            ("labelled", "{{#if list}}\n**{{label}}**\n{{> inner list=list}}\n{{/if}}"),
            ("inner", "{{#each list}}|{{@index}}{{/each}}"),
        ]);
        // these stay partials
        check(&[("main", "{{#each list as |entry|}}{{> one}}{{/each}}"), ("one", "{{name}}")]);
        check(&[("main", "{{> one deep}}{{> one list=list}}"), ("one", "{{#each list}}{{name}}{{/each}}")]);
        check(&[("main", "{{#each list}}{{> up}}{{/each}}"), ("up", "{{name}}{{#each tags}}{{../name}}{{/each}}")]);
    }
}
