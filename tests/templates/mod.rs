//! Tests of `templates`.

mod outline;
mod repository;
mod safety;
mod sections;

use std::fs;

use planwright::{
    model::{job::PlanOptions, plan::Draft, ticket::Ticket},
    planner::verify::verify,
    templates::{Packs, UnknownPack, check},
};

use crate::planner::world::ticket;

/// A folder of packs with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("files lie in folders")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    dir
}

const MANIFEST: &str = "title = \"Short\"\ndescription = \"d\"\n";

/// The problems of a pack with this template, as `line:column: message`.
fn problems(template: &str) -> Vec<String> {
    let dir = folder(&[("short/pack.toml", MANIFEST), ("short/plan.md.hbs", template)]);
    let found = check(dir.path());
    found.iter().map(|p| format!("{}:{}: {}", p.line, p.column, p.message)).collect()
}

#[test]
fn the_built_in_packs_hold() {
    let packs = Packs::builtin();
    assert!(packs.get("ticket").is_some_and(|p| !p.prompt.is_empty()));
}

#[test]
fn a_user_s_pack_is_added_and_overrides() {
    let dir = folder(&[
        (
            "short/pack.toml",
            "title = \"Short\"\ndescription = \"d\"\n[matches]\nlabels = [\"Quick\"]\n[[sections]]\ntitle = \"Legal\"\nquestion = \"Who signs?\"\n",
        ),
        ("short/plan.md.hbs", "# {{plan.head.ticket.title}}\n{{> own}}\n"),
        ("partials/own.md.hbs", "by {{pack.name}}\n"),
        ("ticket/pack.toml", MANIFEST),
        ("ticket/plan.md.hbs", "ours\n"),
    ]);
    let packs = Packs::load(&[dir.path().to_owned()]).map_err(|p| format!("{p:?}")).expect("they hold");
    let mut ticket = ticket("A *title* {{x}}", "");
    let plan = verify(Draft::default(), &[], &ticket);
    assert_eq!(packs.render("short", &plan, &ticket).expect("it renders"), "# A \\*title\\* {{x}}\nby short\n");
    assert_eq!(packs.render("ticket", &plan, &ticket).expect("it renders"), "ours\n");
    assert_eq!(packs.get("short").expect("it is there").sections[0].question, "Who signs?");

    let mut options = PlanOptions::default();
    fn name(packs: &Packs, ticket: &Ticket, options: &PlanOptions) -> Result<String, UnknownPack> {
        packs.choose(ticket, options, "ticket").map(|p| p.name.clone())
    }
    assert_eq!(name(&packs, &ticket, &options), Ok("ticket".to_owned()));
    ticket.labels = vec!["quick".to_owned()];
    assert_eq!(name(&packs, &ticket, &options), Ok("short".to_owned()));
    options.template = Some("ticket".to_owned());
    assert_eq!(name(&packs, &ticket, &options), Ok("ticket".to_owned()));
    options.template = Some("tiket".to_owned());
    let unknown = name(&packs, &ticket, &options).expect_err("there is none");
    assert_eq!(unknown.name, "tiket");
    assert!(unknown.known.contains(&"short".to_owned()));
}

#[test]
fn every_mistake_is_found_with_its_place() {
    let check = |template: &str, expected: &str| {
        let found = problems(template);
        assert!(found.iter().any(|p| p.starts_with(expected)), "{template}: {found:?}");
    };
    check("a\n\n{{plan.nothing}}\n", "3:1: ");
    check("a\n  {{#if plan.nothing}}x{{/if}}\n", "2:3: ");
    check("{{#each plan.phases}}{{nothing}}{{/each}}", "1:");
    check("a\n{{#if plan}}\n", "");
    check("x\n{{> lost}}\n", "2:1: there is no partial \"lost\"");
    check("x {{say plan.head}}", "1:3: not a Statement");
    check("{{nohelper plan}}", "1:1: Helper not found nohelper");
    check("a\n{{missing \"x\" plan.nothing}}", "2:1: ");
    check("{{#each (where plan.technology \"roll\" \"x\")}}{{/each}}", "1:1: where: the entries have no \"roll\"");
    check("{{#each plan.nothing}}{{/each}}", "1:1: ");
    check("{{> (lookup plan \"x\")}}", "1:");
    check("{{#*inline \"x\"}}y{{/inline}}", "1:1: decorators are not supported");
}

#[test]
fn templates_cannot_take_the_program_down() {
    let row = |count: usize| format!("a\n  {}{}", "{{#if plan}}".repeat(count), "{{/if}}".repeat(count));
    assert_eq!(problems(&row(24)), [""; 0]);
    assert_eq!(problems(&row(25)), ["2:293: nested deeper than 24"]);
    let deep = format!("{}x{}", "{{#if plan}}".repeat(5_000), "{{/if}}".repeat(5_000));
    assert!(problems(&deep)[0].contains("nested deeper than 24"));
    let brackets = format!("{{{{say {}plan{}}}}}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(problems(&brackets)[0].contains("nested deeper than 24"));
    let each = format!("{}x{}", "{{#each plan.phases}}".repeat(5), "{{/each}}".repeat(5));
    assert!(problems(&each)[0].contains("each is nested deeper than 4"));

    let dir = folder(&[
        ("short/pack.toml", MANIFEST),
        ("short/plan.md.hbs", "{{> a}}"),
        ("partials/a.md.hbs", "{{> b}}"),
        ("partials/b.md.hbs", "{{> a}}"),
    ]);
    let found: Vec<String> = check(dir.path()).iter().map(ToString::to_string).collect();
    let expected = "partials/a.md.hbs:1:1: partials lead in a circle: a → b → a";
    assert!(found.iter().any(|p| p.ends_with(expected)), "{found:?}");
    assert_eq!(found.len(), 3, "the pack, and each partial of the circle: {found:?}");
}

#[test]
fn a_document_has_a_bound_in_bytes_and_in_parts() {
    assert_eq!(problems(&"x".repeat(100_000)), [""; 0]);
    assert!(problems(&"x".repeat(300_000)).contains(&"1:1: is larger than 256 KiB".to_owned()));
    let loud = "{{> big}}".repeat(30);
    let dir = folder(&[
        ("short/pack.toml", MANIFEST),
        ("short/plan.md.hbs", &loud),
        ("partials/big.md.hbs", &"y".repeat(100_000)),
    ]);
    let found: Vec<String> = check(dir.path()).iter().map(ToString::to_string).collect();
    assert!(found.iter().any(|p| p.contains("larger than 2097152 bytes")), "{found:?}");

    // Partials that double at every level: no loop, no output, no end.
    let mut files: Vec<(String, String)> = (0..20)
        .map(|at| (format!("partials/p{at}.md.hbs"), format!("{{{{> p{}}}}}{{{{> p{}}}}}", at + 1, at + 1)))
        .collect();
    files.push(("partials/p20.md.hbs".to_owned(), "z".to_owned()));
    files.push(("short/pack.toml".to_owned(), MANIFEST.to_owned()));
    files.push(("short/plan.md.hbs".to_owned(), "{{> p0}}".to_owned()));
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found: Vec<String> = check(folder(&borrowed).path()).iter().map(ToString::to_string).collect();
    assert!(found.iter().any(|p| p.ends_with("it has more than 50000 parts, counting partials")), "{found:?}");
}

#[test]
fn a_manifest_is_strict() {
    let check = |manifest: &str, line: usize, message: &str| {
        let dir = folder(&[("short/pack.toml", manifest), ("short/plan.md.hbs", "x")]);
        let found = check(dir.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].line == line && found[0].message.contains(message), "{found:?}");
    };
    check("title = \"a\"\ndescription = \"b\"\ncolour = 1\n", 3, "colour");
    check("title = 1\ndescription = \"b\"\n", 1, "string");
    check("title = \"a\"\n", 1, "description");
    check("title = \"a\"\ndescription = \"b\"\n[matches\n", 3, "");
    check("title = \"a\"\ndescription = \"b\"\n[matches]\nlabel = [\"x\"]\n", 4, "label");
    check("title = \"a\"\ndescription = \"b\"\n[[sections]]\ntitle = \"c\"\n", 3, "question");
    let dir = folder(&[("Bad Name/pack.toml", MANIFEST), ("Bad Name/plan.md.hbs", "x")]);
    assert!(planwright::templates::check(dir.path())[0].message.contains("name"));
    let dir = folder(&[("short/pack.toml", MANIFEST)]);
    assert!(planwright::templates::check(dir.path())[0].message.contains("plan.md.hbs"));
    assert!(!planwright::templates::check(&dir.path().join("lost")).is_empty());
}
