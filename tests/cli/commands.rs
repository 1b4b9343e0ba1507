//! Each command: what it prints, and how it fails.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt};

use planwright::sandbox::shop;
use serde_json::Value;
use tempfile::TempDir;

use super::run::planwright;

const TICKET: &str = "# Cart total ignores the coupon\n\n`cart_totals` is wrong.\n\n- [ ] the coupon counts once\n";

/// A folder with a ticket and the demo's repository.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("ticket.md"), TICKET).expect("the ticket can be written");
    shop::create(&folder.path().join("shop.git")).expect("the repository can be made");
    folder
}

#[test]
fn help_names_every_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ran = planwright(folder.path(), &["--help"], "");
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_plan_is_printed_for_a_file_and_for_standard_input_alike() {
    let folder = folder();
    let from_file = planwright(folder.path(), &["plan", "ticket.md", "--repo", "shop.git"], "");
    assert_eq!(from_file.code, 0, "{}", from_file.err);
    assert!(from_file.out.contains("src/pricing/totals.rs"), "{}", from_file.out);
    assert!(from_file.out.contains("the coupon counts once"));
    let from_input = planwright(folder.path(), &["plan", "-", "--repo", "shop.git"], TICKET);
    assert_eq!(from_input.out, from_file.out);
}

#[test]
fn a_plan_as_json_is_what_its_schema_says() {
    let folder = folder();
    let ran = planwright(folder.path(), &["plan", "ticket.md", "--repo", "shop.git", "--format", "json"], "");
    let plan: Value = serde_json::from_str(&ran.out).expect("clean JSON on standard output");
    assert_eq!(plan["head"]["ticket"]["title"], "Cart total ignores the coupon");
    let schema = planwright(folder.path(), &["templates", "schema"], "");
    let schema: Value = serde_json::from_str(&schema.out).expect("JSON");
    let properties = schema["properties"].as_object().expect("a plan is an object");
    let unknown: Vec<&String> =
        plan.as_object().expect("an object").keys().filter(|key| !properties.contains_key(*key)).collect();
    assert!(unknown.is_empty(), "not in the schema: {unknown:?}");
}

#[test]
fn without_a_repository_the_plan_says_so() {
    let folder = folder();
    let ran = planwright(folder.path(), &["plan", "ticket.md"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.to_lowercase().contains("repository"), "{}", ran.out);
}

#[test]
fn wrong_input_is_told_in_one_line_and_fails() {
    let folder = folder();
    fs::write(folder.path().join("empty.md"), "").expect("written");
    fs::write(folder.path().join("no-title.json"), "{\"body\": \"x\"}").expect("written");
    let cases: [(&[&str], &str); 6] = [
        (&["plan", "missing.md"], "missing.md"),
        (&["plan", "empty.md"], "title"),
        (&["plan", "no-title.json"], "title"),
        (&["plan", "ticket.md", "--repo", "nowhere"], "nowhere"),
        (&["plan", "ticket.md", "--repo", "shop.git", "--rev", "no-such-branch"], "no-such-branch"),
        (&["plan", "ticket.md", "--repo", "shop.git", "--template", "architectre"], "architectre"),
    ];
    for (args, named) in cases {
        let ran = planwright(folder.path(), args, "");
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.out);
        assert!(ran.err.starts_with("error: ") && ran.err.contains(named), "{args:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{args:?} printed {}", ran.out);
    }
}

#[test]
fn the_context_is_printed_as_text_and_as_json() {
    let folder = folder();
    let text = planwright(folder.path(), &["context", "ticket.md", "--repo", "shop.git"], "");
    assert!(text.out.contains("src/pricing/totals.rs"), "{}{}", text.out, text.err);
    let json = planwright(folder.path(), &["context", "ticket.md", "--repo", "shop.git", "--format", "json"], "");
    let json: Value = serde_json::from_str(&json.out).expect("clean JSON on standard output");
    for part in ["ranked", "modify", "create", "tests", "symbols", "facts", "timings"] {
        assert!(json.get(part).is_some(), "{part} is missing");
    }
    for phase in ["fetch", "index", "history", "facts", "rank", "total"] {
        assert!(json["timings"][phase].as_f64().is_some_and(|seconds| seconds > 0.0), "{phase} took no time");
    }
}

#[test]
fn many_tickets_are_ranked_into_a_file() {
    let folder = folder();
    let case = r#"{"id": "one", "repo": "acme/shop", "base_commit": "HEAD", "title": "Cart total", "body": "wrong"}"#;
    fs::write(folder.path().join("cases.jsonl"), case).expect("written");
    fs::create_dir(folder.path().join("repos")).expect("made");
    shop::create(&folder.path().join("repos/acme__shop.git")).expect("the repository can be made");
    let args = ["context", "--cases", "cases.jsonl", "--repos", "repos", "--out", "out.jsonl"];
    let ran = planwright(folder.path(), &args, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let line = fs::read_to_string(folder.path().join("out.jsonl")).expect("the results were written");
    let result: Value = serde_json::from_str(line.trim()).expect("one JSON line");
    assert_eq!(result["id"], "one");
    assert!(result["ranked"].as_array().is_some_and(|ranked| !ranked.is_empty()));
}

const PAYLOAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payloads/github/issues_labeled.json");

/// Writes a configuration with the connection `acme`.
fn configure(folder: &TempDir) {
    let file = folder.path().join("planwright.toml");
    let text = "[[connections]]\nname = \"acme\"\ntracker = \"github\"\nwebhook_secrets = [\"a secret\"]\nauth = { token = \"ghp_x\" }\n";
    fs::write(&file, text).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
}

#[test]
fn a_replay_for_an_unknown_connection_names_those_that_there_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let args = ["replay", PAYLOAD, "--connection", "amce"];
    let none = planwright(folder.path(), &args, "");
    assert!(none.err.contains("--config"), "{}", none.err);
    configure(&folder);
    let other = planwright(folder.path(), &args, "");
    assert!(other.code == 1 && other.err.contains("\"amce\": there is acme"), "{}", other.err);
}

#[test]
fn a_taken_port_is_told_with_the_setting_that_chooses_another() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let ran = planwright(folder.path(), &["serve", "--listen", &address], "");
    assert!(ran.code == 1 && ran.err.contains(&address) && ran.err.contains("server.listen"), "{}", ran.err);
}

#[test]
fn a_payload_is_replayed_without_acting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    configure(&folder);
    let args = ["replay", PAYLOAD, "--connection", "acme", "--dry-run", "--format", "json"];
    let ran = planwright(folder.path(), &args, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let replay: Value = serde_json::from_str(&ran.out).expect("clean JSON on standard output");
    assert!(replay["decision"]["skip"].is_object() || replay["decision"]["skip"].is_string(), "{}", ran.out);
    assert!(replay["reason"].as_str().is_some_and(|reason| reason.contains("needs-plan")), "{}", ran.out);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("readable").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["planwright.toml"], "a replay touches nothing");
}

#[test]
fn packs_are_listed_shown_and_checked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = planwright(folder.path(), &["templates", "list"], "");
    assert!(list.out.lines().any(|line| line.starts_with("ticket")), "{}", list.out);
    assert!(planwright(folder.path(), &["templates", "show", "ticket"], "").out.contains("{{"));
    let pack = folder.path().join("packs/mine");
    fs::create_dir_all(&pack).expect("made");
    fs::write(pack.join("pack.toml"), "title = \"Mine\"\ndescription = \"d\"\n").expect("written");
    fs::write(pack.join("prompt.md.hbs"), "").expect("written");
    fs::write(pack.join("plan.md.hbs"), "# x\n\n{{#if}}\n").expect("written");
    let wrong = planwright(folder.path(), &["templates", "check", "packs"], "");
    assert_eq!(wrong.code, 2, "{}", wrong.out);
    assert!(wrong.err.contains("plan.md.hbs:4:1: "), "{}", wrong.err);
}
