//! The house rules of the source tree: imports run downwards, siblings never meet, each library has one home.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What each room may import from the crate. A room is a top-level module; `trackers/github` and its like are rooms of their own.
const ROOMS: &[(&str, &[&str])] = &[
    ("richtext", &[]),
    ("clock", &[]),
    ("http", &[]),
    ("model", &["richtext"]),
    ("store", &["model"]),
    ("trackers", &["model", "richtext"]),
    ("trackers/rest", &["http", "trackers"]),
    ("trackers/program", &["http", "trackers"]),
    ("trackers/github", &["clock", "http", "model", "richtext", "trackers"]),
    ("trackers/jira", &["clock", "http", "model", "richtext", "trackers"]),
    ("trackers/azure_devops", &["clock", "http", "model", "richtext", "trackers"]),
    ("trigger", &["model", "richtext"]),
    ("planner", &["model", "richtext"]),
    ("planner/llm", &["clock", "http", "model", "planner", "richtext"]),
    ("templates", &["model", "richtext"]),
    ("repo", &["clock", "model", "richtext", "trackers"]),
    ("publish", &["model", "richtext", "store", "trackers"]),
    ("intake", &["model", "store", "trackers", "trigger"]),
    (
        "pipeline",
        &["clock", "model", "planner", "publish", "repo", "richtext", "store", "templates", "trackers", "trigger"],
    ),
    ("worker", &["clock", "model", "pipeline", "store"]),
    ("sweep", &["clock", "model", "pipeline", "publish", "store", "telemetry", "trackers"]),
    ("web", &["clock", "intake", "model", "publish", "richtext", "store", "telemetry", "trackers"]),
    ("sandbox", &["clock"]),
    ("telemetry", &["config", "model", "store"]),
    ("config", &["model", "repo", "store", "telemetry", "trackers"]),
];

/// Which rooms may name a library.
const HOMES: &[(&str, &[&str])] = &[
    ("axum", &["web", "sandbox"]),
    ("hyper_util", &["web", "trackers/github", "sandbox"]),
    ("sqlx", &["store"]),
    ("octocrab", &["trackers/github"]),
    ("handlebars", &["templates", "web"]),
    ("comrak", &["richtext"]),
    ("ammonia", &["richtext"]),
    ("tree_sitter", &["repo"]),
    (
        "reqwest",
        &[
            "http",
            "sandbox",
            "trackers/azure_devops",
            "trackers/github",
            "trackers/rest",
            "trackers/program",
            "planner/llm",
            "cli",
        ],
    ),
    ("use config", &["config"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("metrics_exporter_prometheus", &["telemetry"]),
    ("tracing_subscriber", &["telemetry"]),
];

/// Every source file with its room and its text, comments left out.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file is readable");
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let inside = path.strip_prefix(&root).expect("collected below the root").to_owned();
            let room = room_of(&inside);
            (inside, room, code.join("\n"))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder is readable") {
        let path = entry.expect("an entry is readable").path();
        if path.ends_with("sandbox/shop") {
            continue; // the files of the demo's repository are data
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

fn room_of(inside: &Path) -> String {
    let mut parts = inside.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect::<Vec<_>>();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    match parts.as_slice() {
        [first, second, ..] if ROOMS.iter().any(|(r, _)| *r == format!("{first}/{second}")) => {
            format!("{first}/{second}")
        }
        [first, ..] => first.clone(),
        [] => "lib".into(),
    }
}

/// Crate modules that a file names, grouped imports (`use crate::{a::…, b}`) included.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut word, mut expecting) = (1, String::new(), true);
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => expecting = true,
                    c if expecting && depth == 1 && (c.is_alphanumeric() || c == '_') => {
                        word.push(c);
                        continue;
                    }
                    _ => {}
                }
                if !word.is_empty() {
                    found.insert(std::mem::take(&mut word));
                    expecting = false;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn imports_run_downwards() {
    let mut wrong = Vec::new();
    for (path, room, code) in sources() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        let own = room.split('/').next().unwrap_or(&room);
        for import in imports(&code) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == import) || ["app", "cli"].contains(&import.as_str());
            if is_room && import != own && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that run upwards or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).chain(["app", "cli", "main", "lib"]).collect();
    for (path, room, _) in sources() {
        assert!(known.contains(room.as_str()), "{} is in no known room", path.display());
    }
}

#[test]
fn sibling_trackers_never_meet() {
    let siblings = ["github", "jira", "azure_devops"];
    for (path, room, code) in sources() {
        let Some(own) = room.strip_prefix("trackers/") else { continue };
        for other in siblings.iter().filter(|s| **s != own) {
            assert!(!code.contains(&format!("{other}::")), "{} names {other}", path.display());
        }
    }
}

#[test]
fn each_library_has_its_home() {
    let mut wrong = Vec::new();
    for (path, room, code) in sources() {
        for (library, homes) in HOMES {
            let named = code.lines().any(|line| names_library(line, library));
            let top = room.split('/').next().unwrap_or(&room);
            if named && !homes.contains(&room.as_str()) && !homes.contains(&top) {
                wrong.push(format!("{} names {library}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "libraries away from home:\n{}", wrong.join("\n"));
}

/// Does the line use the library (not a module or word that ends like it)?
fn names_library(line: &str, library: &str) -> bool {
    line.match_indices(&format!("{library}::")).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn proof_types_are_made_in_one_place() {
    for (path, room, code) in sources() {
        let rendered = code.contains("Rendered::new(") || code.contains("LinkedDocument::new(");
        assert!(!rendered || room == "publish", "{} makes a Rendered or a LinkedDocument", path.display());
        // a `RawDelivery`, which anybody may make, has no JSON yet
        let mut made = code.match_indices("Delivery {").map(|(at, _)| code[at..].split('}').next().unwrap_or_default());
        let delivery = made.any(|fields| fields.contains("json"));
        let makes = delivery && !code.contains("struct Delivery {");
        assert!(!makes || room.starts_with("trackers") || room == "sandbox", "{} makes a Delivery", path.display());
    }
}
