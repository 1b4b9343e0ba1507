//! `each`, counted: a template repeats its parts only as often as a document can need.
//!
//! In: a list or a map. Out: its block once for each entry, with `@index`, `@key`, `@first` and `@last`. What is rendered is
//! counted in parts of templates, partials included, so that loops without output end as well.

use std::{cell::Cell, collections::BTreeMap};

use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson,
    RenderContext, RenderError, RenderErrorReason, Renderable, template::Template,
};
use serde_json::Value;

use super::guard;

/// The most parts of templates that one document takes.
const MOST_PARTS: u64 = 4_000_000;

thread_local! {
    /// What the document that this thread renders may still take.
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// Begins a document.
pub fn begin() {
    LEFT.set(MOST_PARTS);
}

/// The helper.
pub struct Each {
    /// Parts of each partial, its own partials included.
    pub parts: BTreeMap<String, u64>,
}

impl HelperDef for Each {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let list = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("each", 0))?;
        if list.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(list.relative_path().cloned()).into());
        }
        let entries: Vec<(Value, &Value)> = match list.value() {
            Value::Array(values) => values.iter().enumerate().map(|(at, value)| (Value::from(at), value)).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (Value::from(key.as_str()), value)).collect(),
            _ => Vec::new(),
        };
        let (Some(template), false) = (h.template(), entries.is_empty()) else {
            return h.inverse().map_or(Ok(()), |inverse| inverse.render(r, ctx, rc, out));
        };
        self.charge(template, entries.len())?;
        rc.push_block(BlockContext::new());
        for (at, (key, value)) in entries.iter().enumerate() {
            if let Some(block) = rc.block_mut() {
                block.set_local_var("first", Value::from(at == 0));
                block.set_local_var("last", Value::from(at + 1 == entries.len()));
                block.set_local_var("index", Value::from(at));
                if key.is_string() {
                    block.set_local_var("key", key.clone());
                }
                enter(block, h, list, key, value)?;
            }
            template.render(r, ctx, rc, out)?;
        }
        rc.pop_block();
        Ok(())
    }
}

impl Each {
    /// Takes what so many rounds of a block need.
    fn charge(&self, block: &Template, rounds: usize) -> Result<(), RenderError> {
        let parts = guard::parts(block, &self.parts).saturating_add(1);
        let wanted = parts.saturating_mul(rounds as u64);
        let left = LEFT.get();
        if wanted > left {
            return Err(RenderErrorReason::Other(format!("the document takes more than {MOST_PARTS} parts")).into());
        }
        LEFT.set(left - wanted);
        Ok(())
    }
}

/// Makes an entry the block's `this`, and its block parameters.
fn enter<'rc>(
    block: &mut BlockContext<'rc>,
    h: &Helper<'rc>,
    list: &PathAndJson<'rc>,
    key: &Value,
    value: &Value,
) -> Result<(), RenderError> {
    match list.context_path() {
        Some(path) => {
            let name = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            *block.base_path_mut() = path.iter().cloned().chain([name]).collect();
        }
        None => block.set_base_value(value.clone()),
    }
    let (named, keyed) = match (h.block_param(), h.block_param_pair()) {
        (Some(named), _) => (named, None),
        (None, Some((named, keyed))) => (named, Some(keyed)),
        (None, None) => return Ok(()),
    };
    let mut params = BlockParams::new();
    // where the entry stands in the data, its place does: a copy of a plan's part for every round costs more than the rest
    match list.context_path() {
        Some(_) => params.add_path(named, Vec::new())?,
        None => params.add_value(named, value.clone())?,
    }
    if let Some(keyed) = keyed {
        params.add_value(keyed, key.clone())?;
    }
    block.set_block_params(params);
    Ok(())
}
