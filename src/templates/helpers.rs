//! The helpers that packs write with. Each prints finished Markdown; whatever it is given is literal.
//!
//! | helper | prints |
//! |---|---|
//! | `say STATEMENT` | its prose; cited files and commits become links, the ticket's place follows |
//! | `link FILE` | `path:lines` as a permalink, or as code without a repository page |
//! | `mark FILE` | the symbol meant in a file, or `path:lines`, as a permalink |
//! | `symbol SYMBOL` | its name as a permalink |
//! | `commit COMMIT` | its short hash as a permalink, with its subject |
//! | `code TEXT`, `fence LANGUAGE TEXT` | a code span, a code block |
//! | `outline PLAN` | the plan in outline, as a block of JSON |
//! | `ids LIST` | `AC1, AC2` |
//! | `shown PLAN ID` | the steps and tests that serve a requirement: `step 2 · T1` |
//! | `word ENUM`, `capital ENUM` | an enumeration value for people |
//! | `hash REPOSITORY` | its commit's short hash as a permalink |
//! | `plural COUNT NOUN` | `1 file`, `2 files` |
//! | `contract ENDPOINT`, `entity ENTITY` | what other programs call, what is stored, as a block of YAML |
//! | `tree PLAN` | the files of the steps as a tree |
//! | `(layered PLAN)` | the steps in runs on one layer, each with `number`, `title`, `made` and `met` |
//! | `unsaid ENDPOINTS` | what neither ticket nor code says of routes, in one line |
//! | `finding FINDING` | what verification found, in plain words |
//! | `missing NAME LIST … in=WHERE` | `Looked in WHERE for NAME and NAME; found none.`, for the lists that are empty; WHERE may be left out |
//! | `(where LIST KEY VALUE)` | the entries of a list with this value, for `each` and `if` |
//! | `#cell` | its block as one table cell |
//! | `#if`, `#unless` | as usual, but a name that does not exist is an error |

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    Renderable, ScopedJson, StringOutput,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    contracts,
    literal::{self, Piece},
};
use crate::{
    model::plan::{
        Citation, CommitRef, Endpoint, Entity, FileRef, Finding, Place, PlannedRepository, Statement, SymbolRef,
        Verified,
    },
    richtext::markdown::{code_span, escape, fence},
};

/// Registers all helpers.
pub fn register(handlebars: &mut Handlebars<'static>) {
    value(handlebars, "say", 1, |p| Ok(say(&read::<Statement>(p[0])?)));
    value(handlebars, "link", 1, |p| Ok(link(&read::<FileRef>(p[0])?)));
    value(handlebars, "mark", 1, |p| {
        let file = read::<FileRef>(p[0])?;
        let shown = file.symbol.clone().unwrap_or_else(|| file.label());
        Ok(linked(&code_span(&shown), file.url.as_deref()))
    });
    value(handlebars, "symbol", 1, |p| {
        let symbol = read::<SymbolRef>(p[0])?;
        Ok(linked(&code_span(&symbol.name), symbol.file.url.as_deref()))
    });
    value(handlebars, "commit", 1, |p| {
        let commit = read::<CommitRef>(p[0])?;
        Ok(format!("{} {}", short(&commit), literal::prose(&commit.subject)))
    });
    value(handlebars, "code", 1, |p| Ok(code_span(&literal::one_line(&text(p[0])))));
    value(handlebars, "fence", 2, |p| Ok(fence(&text(p[0]), &text(p[1]))));
    value(handlebars, "ids", 1, |p| {
        let list = p[0].as_array().map(|l| l.iter().map(text).collect::<Vec<_>>()).unwrap_or_default();
        Ok(escape(&list.join(", ")))
    });
    value(handlebars, "shown", 2, |p| Ok(escape(&shown(p[0], &text(p[1])))));
    value(handlebars, "unplaced", 2, |p| Ok(unplaced(p[0], &text(p[1]))));
    value(handlebars, "word", 1, |p| Ok(escape(&text(p[0]).replace('_', " "))));
    value(handlebars, "outline", 1, |p| {
        let outline = super::outline::outline(&read::<Verified>(p[0])?);
        let json = serde_json::to_string_pretty(&outline).map_err(|e| RenderErrorReason::Other(e.to_string()))?;
        Ok(fence("json", &json))
    });
    value(handlebars, "capital", 1, |p| {
        let word = text(p[0]).replace('_', " ");
        let mut letters = word.chars();
        Ok(escape(&letters.next().map(|c| c.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()))
    });
    value(handlebars, "hash", 1, |p| {
        let repository = read::<PlannedRepository>(p[0])?;
        Ok(linked(&code_span(repository.commit.short()), repository.commit_url.as_deref()))
    });
    value(handlebars, "plural", 2, |p| {
        let count = p[0].as_u64().or_else(|| p[0].as_array().map(|l| l.len() as u64)).unwrap_or_default();
        let noun = text(p[1]);
        let many = noun.strip_suffix("on").filter(|_| noun.ends_with("criterion")).map(|stem| format!("{stem}a"));
        let many = many.unwrap_or_else(|| format!("{noun}s"));
        Ok(escape(&if count == 1 { format!("1 {noun}") } else { format!("{count} {many}") }))
    });
    value(handlebars, "contract", 1, |p| Ok(fence("yaml", contracts::endpoint(&read::<Endpoint>(p[0])?).trim_end())));
    value(handlebars, "entity", 1, |p| Ok(fence("yaml", contracts::entity(&read::<Entity>(p[0])?).trim_end())));
    value(handlebars, "tree", 1, |p| Ok(fence("text", contracts::tree(&read::<Verified>(p[0])?.sections).trim_end())));
    value(handlebars, "unsaid", 1, |p| Ok(literal::prose(&contracts::unsaid(&read::<Vec<Endpoint>>(p[0])?))));
    value(handlebars, "finding", 1, |p| Ok(literal::prose(&read::<Finding>(p[0])?.to_string())));
    handlebars.register_helper("missing", Box::new(missing_lists));
    handlebars.register_helper("where", Box::new(Where));
    handlebars.register_helper("layered", Box::new(Layered));
    handlebars.register_helper("cell", Box::new(cell));
    handlebars.register_helper("if", Box::new(Branch { when: true }));
    handlebars.register_helper("unless", Box::new(Branch { when: false }));
}

/// The steps and tests that serve an id: `step 2 · T1`.
fn shown(plan: &Value, id: &str) -> String {
    fn list(value: &Value) -> &[Value] {
        value.as_array().map_or(&[], Vec::as_slice)
    }
    let serves = |entry: &&Value| list(&entry["serves"]).iter().any(|served| served == id);
    let steps = list(&plan["phases"]).iter().flat_map(|phase| list(&phase["steps"])).filter(serves);
    let steps: Vec<String> = steps.map(|step| text(&step["id"])).collect();
    let tests: Vec<String> =
        list(&plan["testing"]["cases"]).iter().filter(serves).map(|case| text(&case["id"])).collect();
    let steps = match steps.as_slice() {
        [] => "no step".to_owned(),
        [one] => format!("step {one}"),
        all => format!("steps {}", all.join(", ")),
    };
    let tests = if tests.is_empty() { "no test".to_owned() } else { tests.join(", ") };
    format!("{steps} · {tests}")
}

/// The tests that show an id without a file to stand in, and that the file is missing; that there is none.
fn unplaced(plan: &Value, id: &str) -> String {
    let cases = plan["testing"]["cases"].as_array().map_or(&[][..], Vec::as_slice);
    let serves = |case: &&Value| case["serves"].as_array().is_some_and(|all| all.iter().any(|served| served == id));
    let ids: Vec<String> = cases.iter().filter(serves).map(|case| text(&case["id"])).collect();
    if ids.is_empty() { "**none**".to_owned() } else { format!("{}, **no file yet**", ids.join(", ")) }
}

/// What a helper makes of its parameters.
type Print = fn(&[&Value]) -> Result<String, RenderError>;

/// Registers a helper that prints a text made of `count` parameters.
fn value(handlebars: &mut Handlebars<'static>, name: &'static str, count: usize, print: Print) {
    let helper = move |h: &Helper<'_>,
                       _: &Handlebars<'_>,
                       _: &Context,
                       _: &mut RenderContext<'_, '_>,
                       out: &mut dyn Output|
          -> HelperResult {
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            let parameter = h.param(at).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, at))?;
            if parameter.is_value_missing() {
                return Err(missing(parameter.relative_path()));
            }
            values.push(parameter.value());
        }
        out.write(&print(&values)?)?;
        Ok(())
    };
    handlebars.register_helper(name, Box::new(helper));
}

/// A name that the plan does not have.
fn missing(path: Option<&String>) -> RenderError {
    RenderErrorReason::MissingVariable(path.cloned()).into()
}

/// Reads a typed value; a template that gives the wrong one learns what was wanted.
fn read<T: DeserializeOwned>(value: &Value) -> Result<T, RenderError> {
    let wanted = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
    serde_json::from_value(value.clone())
        .map_err(|error| RenderErrorReason::Other(format!("not a {wanted}: {error}")).into())
}

/// A value as text: strings as they are, nothing for null.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Shown text, linked where there is an address. Only verification makes addresses.
fn linked(shown: &str, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("[{shown}]({})", url.replace('(', "%28").replace(')', "%29").replace(' ', "%20")),
        None => shown.to_owned(),
    }
}

/// A file, linked.
fn link(file: &FileRef) -> String {
    linked(&code_span(&file.label()), file.url.as_deref())
}

/// A commit's short hash, linked.
fn short(commit: &CommitRef) -> String {
    linked(&code_span(commit.id.short()), commit.url.as_deref())
}

/// A statement: cited things that its prose names become links where they are named, the others follow.
fn say(statement: &Statement) -> String {
    let mut used = vec![false; statement.citations.len()];
    let line = literal::one_line(&statement.text);
    let mut out = String::with_capacity(line.len() * 2);
    for piece in literal::pieces(&line) {
        match piece {
            Piece::Text(text) => out.push_str(&literal::plain(text)),
            Piece::Code(code) => match statement.citations.iter().position(|c| names(c, code)) {
                Some(at) => {
                    used[at] = true;
                    out.push_str(&linked(&code_span(code), url(&statement.citations[at])));
                }
                None => out.push_str(&literal::code(code)),
            },
        }
    }
    let rest = statement.citations.iter().zip(&used).filter(|(_, used)| !**used);
    // An id leads to its words, and they to their place.
    let rest = rest.filter(|(c, _)| !(matches!(c, Citation::Ticket { .. }) && begins_with_id(&line)));
    let notes: Vec<String> = rest.filter_map(|(citation, _)| note(citation)).collect();
    if !notes.is_empty() {
        out.push_str(&format!(" ({})", notes.join("; ")));
    }
    out
}

/// Does the text begin with the id of a criterion or a requirement: `AC2 …`, `R1: …`?
fn begins_with_id(text: &str) -> bool {
    let rest = text.strip_prefix("AC").or_else(|| text.strip_prefix('R')).unwrap_or_default();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    after.len() < rest.len() && !after.starts_with(char::is_alphanumeric)
}

/// Does a code mark name this citation?
fn names(citation: &Citation, code: &str) -> bool {
    match citation {
        Citation::Ticket { .. } => false,
        Citation::File(file) => file.label() == code || file.path == code || file.symbol.as_deref() == Some(code),
        Citation::Commit(commit) => commit.id.short() == code,
    }
}

/// The address of a citation.
fn url(citation: &Citation) -> Option<&str> {
    match citation {
        Citation::Ticket { .. } => None,
        Citation::File(file) => file.url.as_deref(),
        Citation::Commit(commit) => commit.url.as_deref(),
    }
}

/// A citation that the prose does not name itself.
fn note(citation: &Citation) -> Option<String> {
    match citation {
        Citation::Ticket { place: Place::Body | Place::Title, .. } => None,
        Citation::Ticket { place, .. } => Some(literal::prose(&place.to_string())),
        Citation::File(file) => Some(link(file)),
        Citation::Commit(commit) => Some(short(commit)),
    }
}

/// Says in one line which of the named lists were looked for without success.
fn missing_lists(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let mut names: Vec<String> = Vec::new();
    for pair in h.params().chunks(2) {
        let [name, list] = pair else {
            return Err(RenderErrorReason::Other("missing wants a list behind every name".to_owned()).into());
        };
        if list.is_value_missing() {
            return Err(missing(list.relative_path()));
        }
        if !is_so(list.value()) {
            names.push(text(name.value()));
        }
    }
    let Some(last) = names.pop() else { return Ok(()) };
    let all = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    let place = h.hash_get("in").map_or(String::new(), |place| format!(" in {}", text(place.value())));
    out.write(&literal::prose(&format!("Looked{place} for {all}; found none.")))?;
    Ok(())
}

/// `(where LIST KEY VALUE)`.
struct Where;

impl HelperDef for Where {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let parameter = |at: usize| h.param(at).ok_or(RenderErrorReason::ParamNotFoundForIndex("where", at));
        let (list, key, value) = (parameter(0)?, parameter(1)?, parameter(2)?);
        if list.is_value_missing() {
            return Err(missing(list.relative_path()));
        }
        let key = text(key.value());
        let entries = list.value().as_array().map(Vec::as_slice).unwrap_or_default();
        if entries.first().is_some_and(|entry| entry.get(&key).is_none()) {
            return Err(RenderErrorReason::Other(format!("where: the entries have no {key:?}")).into());
        }
        let found = entries.iter().filter(|entry| entry.get(&key) == Some(value.value()));
        Ok(ScopedJson::Derived(Value::Array(found.cloned().collect())))
    }
}

/// `(layered PLAN)`.
struct Layered;

impl HelperDef for Layered {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let plan = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("layered", 0))?;
        let plan = read::<Verified>(plan.value())?;
        let runs = serde_json::to_value(contracts::layered(&plan.sections));
        Ok(ScopedJson::Derived(runs.map_err(|error| RenderErrorReason::Other(error.to_string()))?))
    }
}

/// Empty lists and texts, null, 0 and false are no.
fn is_so(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// Prints its block as one table cell: one line, pipes escaped.
fn cell<'reg, 'rc>(
    h: &Helper<'rc>,
    r: &'reg Handlebars<'reg>,
    ctx: &'rc Context,
    rc: &mut RenderContext<'reg, 'rc>,
    out: &mut dyn Output,
) -> HelperResult {
    let Some(template) = h.template() else { return Ok(()) };
    let mut inner = StringOutput::new();
    template.render(r, ctx, rc, &mut inner)?;
    out.write(&pipes_escaped(&literal::one_line(&inner.into_string()?)))?;
    Ok(())
}

/// Escapes the pipes that are not escaped yet (GFM 0.29, section 4.10).
fn pipes_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_escaped = false;
    for c in text.chars() {
        if c == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
    out
}

/// `if` and `unless` that refuse names that do not exist.
struct Branch {
    when: bool,
}

impl HelperDef for Branch {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let parameter = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if parameter.is_value_missing() {
            return Err(missing(parameter.relative_path()));
        }
        match if is_so(parameter.value()) == self.when { h.template() } else { h.inverse() } {
            Some(template) => template.render(r, ctx, rc, out),
            None => Ok(()),
        }
    }
}
