//! Diagrams are valid by Mermaid's own parser, whatever the files are called.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use planwright::{
    model::context::{Context, Evidence, FileClass},
    richtext::{Block, Doc, markdown},
};

use crate::planner::world::{MemoryTree, context, document_in, likely, ticket};

const PACKS: [&str; 5] = ["ticket", "implementation", "story", "spec", "architecture"];

/// Names that mean something to Mermaid, to Markdown or to HTML.
const NAMES: &[&str] = &[
    "end",
    "a\"b",
    "a\"]:::changed\n  n9[\"x",
    "[a](b)",
    "{slug}/[id]",
    "a;b",
    "graph TD",
    "subgraph x",
    "%% no comment",
    "%%{init: {'theme': 'dark', 'securityLevel': 'loose'}}%%",
    "a --> b",
    "a|b|c",
    "`**bold**`",
    "#quot;#35;",
    "<img src=x onerror=alert(1)>",
    "&amp;",
    "click n0 href \"https://evil.example\"",
    "日本語 🦀",
    "a\\b\\n",
    "---",
    "a\tb\rc",
    "\u{202e}rtl",
    "x",
];

/// Asks the parser what is wrong with each diagram.
fn parse(diagrams: &[String]) -> Vec<Option<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/mermaid");
    assert!(
        modules.join("installed.json").exists(),
        "Mermaid's parser is not installed: start the tests with tests/run.sh, which installs it below target/ by npm"
    );
    let mut node = Command::new("node")
        .arg(root.join("tests/mermaid/check.mjs"))
        .arg(&modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts: install Node.js 18 or newer");
    let input = serde_json::to_vec(diagrams).expect("texts");
    node.stdin.take().expect("piped").write_all(&input).expect("node reads");
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "the check itself failed");
    serde_json::from_slice(&output.stdout).expect("a list of answers")
}

/// Fails with every diagram that the parser refuses.
fn check(diagrams: &[String]) {
    let wrong: Vec<String> = parse(diagrams)
        .into_iter()
        .zip(diagrams)
        .filter_map(|(answer, diagram)| answer.map(|answer| format!("{answer}\n{diagram}")))
        .collect();
    assert!(wrong.is_empty(), "diagrams that Mermaid does not take:\n\n{}", wrong.join("\n\n"));
}

/// The diagrams of a document, however deep they are folded.
fn diagrams(doc: &Doc) -> Vec<String> {
    let mut found = Vec::new();
    collect(&doc.blocks, &mut found);
    found
}

fn collect(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Code { language: Some(language), text } if language == "mermaid" => found.push(text.clone()),
            Block::Details { blocks, .. } | Block::Quote { blocks } | Block::Panel { blocks, .. } => {
                collect(blocks, found);
            }
            Block::List { items, .. } => items.iter().for_each(|item| collect(&item.blocks, found)),
            _ => {}
        }
    }
}

/// A repository whose files to change, and those that import them, carry these names.
fn repository(names: &[&str]) -> Context {
    let path = |name: &str| format!("src/{name}.rs");
    let mut tree = MemoryTree::default();
    for name in names {
        tree = tree.file(&path(name), FileClass::Source, "pub fn total() -> u64 {\n    0\n}\n");
    }
    for pair in names.windows(2) {
        tree = tree.import(&path(pair[1]), &path(pair[0]));
    }
    let mut context = context("acme/shop", tree);
    for name in names {
        let words = vec![Evidence::PathWords { words: vec!["total".to_owned()] }];
        likely(&mut context, &path(name), 0.9, words, &["total"]);
    }
    context
}

#[test]
fn hostile_names_are_labels_and_nothing_else() {
    let ticket =
        ticket("The total is wrong", "The total of a cart is wrong.\n\n- [ ] it is right\n- [ ] it stays right");
    let mut all = Vec::new();
    for names in NAMES.windows(3) {
        let contexts = [repository(names)];
        for pack in PACKS {
            all.extend(diagrams(&markdown::parse(&document_in(pack, &ticket, &contexts))));
        }
    }
    assert!(all.len() >= NAMES.len() / 2, "only {} diagrams were drawn", all.len());
    check(&all);
}

#[test]
fn the_diagrams_of_all_example_plans_are_valid() {
    let mut files = Vec::new();
    snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut files);
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a snapshot is text"));
    let all: Vec<String> = texts.flat_map(|text| fenced(&text)).collect();
    assert!(!all.is_empty(), "no example plan holds a diagram");
    check(&all);
}

#[test]
fn the_check_itself_finds_what_is_wrong() {
    let wrong = [
        "flowchart LR\n  n0[\"a\"b\"]",
        "sequenceDiagram\n  A->>B: x",
        "%%{init: {'theme': 'dark'}}%%\nflowchart LR\n  a",
    ];
    let answers = parse(&wrong.map(str::to_owned));
    assert!(answers.iter().all(Option::is_some), "{answers:?}");
}

/// All snapshots below a folder.
fn snapshots(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of tests").flatten() {
        let path = entry.path();
        if path.is_dir() {
            snapshots(&path, files);
        } else if path.extension().is_some_and(|e| e == "snap" || e == "md") {
            files.push(path);
        }
    }
}

/// The texts between Mermaid fences.
fn fenced(text: &str) -> Vec<String> {
    let blocks = text.split("```mermaid\n").skip(1);
    blocks.filter_map(|rest| rest.split_once("\n```").map(|(diagram, _)| diagram.to_owned())).collect()
}
