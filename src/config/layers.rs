//! Layers of configuration: the built-in defaults, files, the environment; later ones win.
//!
//! In: paths and variables. Out: one tree of values, each knowing where it was written. Never reads secrets.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use config::{Config as Layered, ConfigError, FileFormat, Format, Map, Source, Value, ValueKind};

use super::{problems::Problem, secrets, tree};

/// The built-in defaults, with a comment on each.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// The name of an element that has none.
pub(super) const STAND_IN: &str = "stand-in";

/// One right element of each list, to stand in for what cannot be read while the rest is checked.
const STAND_INS: &str = r#"
[[connections]]
name = "stand-in"
tracker = "github"
webhook_secrets = ["stand-in"]
auth = { token = "stand-in" }
[[repositories]]
name = "stand-in"
url = "https://stand-in.example/repository.git"
"#;

/// What variables of the environment start with.
const PREFIX: &str = "PLANWRIGHT__";

/// Where the configuration comes from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Files, or folders whose `*.toml` files are read in the order of their names; later ones win.
    pub files: Vec<PathBuf>,
    /// The environment: settings (`PLANWRIGHT__…`) and the secrets that files refer to.
    pub env: BTreeMap<String, String>,
    /// Secrets are read, or only their form is checked.
    pub read_secrets: bool,
}

impl Sources {
    /// The given files, or `planwright.toml` where it exists, and this process's environment.
    pub fn of_process(files: Vec<PathBuf>) -> Self {
        let usual = Path::new("planwright.toml");
        let files = if files.is_empty() && usual.exists() { vec![usual.to_owned()] } else { files };
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { files, env: std::env::vars_os().filter_map(text).collect(), read_secrets: true }
    }
}

/// One layer, parsed.
#[derive(Clone, Debug)]
struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// The built-in defaults alone.
pub(super) fn defaults() -> Value {
    let origin = "the built-in defaults".to_owned();
    let table = FileFormat::Toml.parse(Some(&origin), DEFAULTS).expect("a test parses the built-in defaults");
    Value::new(Some(&origin), table)
}

/// One right element of each list.
pub(super) fn stand_ins() -> Value {
    Value::new(None, FileFormat::Toml.parse(None, STAND_INS).expect("tests parse the stand-ins"))
}

/// All layers in one tree; what cannot be read is left out and reported.
pub(super) fn merge(sources: &Sources, defaults: &Value, problems: &mut Vec<Problem>) -> Value {
    let mut builder = Layered::builder();
    if let ValueKind::Table(table) = &defaults.kind {
        builder = builder.add_source(Layer(table.clone()));
    }
    for path in sources.files.iter().flat_map(|path| expand(path, problems)).collect::<Vec<_>>() {
        match read(&path) {
            Ok(layer) => builder = builder.add_source(layer),
            Err(problem) => problems.push(problem),
        }
    }
    for (name, value) in sources.env.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        builder = builder.add_source(variable(name, value, defaults));
    }
    match builder.build() {
        Ok(merged) => merged.cache,
        Err(error) => {
            problems.push(Problem::new("", format!("the layers cannot be joined: {error}")));
            defaults.clone()
        }
    }
}

/// A file as it is; a folder as its `*.toml` files.
fn expand(path: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    match std::fs::read_dir(path) {
        Ok(entries) => {
            let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
            files.retain(|file| file.extension().is_some_and(|extension| extension == "toml") && file.is_file());
            files.sort();
            files
        }
        Err(error) => {
            problems.push(Problem::new("", format!("cannot read the folder {}: {error}", path.display())));
            Vec::new()
        }
    }
}

/// Reads and parses a file.
fn read(path: &Path) -> Result<Layer, Problem> {
    let origin = path.display().to_string();
    let problem = |message: String| Problem { key: String::new(), origin: origin.clone(), message };
    let text = std::fs::read_to_string(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    if let Err(error) = text.parse::<toml::Table>() {
        // The parser's own display quotes the line, which may hold a secret.
        let line = error.span().map_or(0, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count()) + 1;
        return Err(problem(format!("line {line} is not TOML: {}", error.message())));
    }
    let table = FileFormat::Toml.parse(Some(&origin), &text).map_err(|error| problem(error.to_string()))?;
    Ok(Layer(table))
}

/// One variable as a layer: nested tables around a text, or around a list where a list belongs.
fn variable(name: &str, text: &str, defaults: &Value) -> Layer {
    let origin = name.to_owned();
    let path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
    let key = path.join(".");
    let value = match list(&key, text, &origin, defaults) {
        Some(list) => list,
        None => Value::new(Some(&origin), text),
    };
    let value = path
        .iter()
        .skip(1)
        .rev()
        .fold(value, |inner, segment| Value::new(Some(&origin), Map::from_iter([(segment.clone(), inner)])));
    Layer(Map::from_iter([(path[0].clone(), value)]))
}

/// The TOML list that a variable holds. Secrets are taken as they are, whatever they look like.
fn list(key: &str, text: &str, origin: &String, defaults: &Value) -> Option<Value> {
    let expected = tree::get(defaults, key);
    let wanted = expected.is_none_or(|value| matches!(value.kind, ValueKind::Array(_)));
    if !wanted || secrets::is_secret(key) || !text.trim_start().starts_with('[') {
        return None;
    }
    FileFormat::Toml.parse(Some(origin), &format!("list = {text}")).ok()?.remove("list")
}
