//! Where a change belongs, by what a ticket names: options, literals, attributes, documents; and what is left out.

use planwright::model::context::*;

use super::world::*;

/// A repository with these source files on the list, in this order; `symbols` are what its ranking likes.
fn ranked(tree: MemoryTree, files: &[(&str, &[&str])]) -> Context {
    let mut context = context("acme/tool", tree);
    for (path, symbols) in files {
        likely(&mut context, path, 0.5, vec![words(&["owner"])], symbols);
    }
    context
}

const CLI: &str = "def parse(argv):\n    parser = ArgumentParser()\n    parser.add_argument(\"--owner\")\n    return parser.parse_args(argv)\n\n\ndef color(argv):\n    return argv\n";

#[test]
fn an_option_leads_to_what_declares_it_and_to_the_file_that_is_called_like_it() {
    let tree = MemoryTree::default()
        .file("src/cli.py", FileClass::Source, CLI)
        .file("src/filter/owner.py", FileClass::Source, "def matches(uid, wanted):\n    return uid == wanted\n")
        .file("src/regex_helper.py", FileClass::Source, "def compiled(text):\n    return text\n")
        .file("doc/tool.1", FileClass::Doc, ".TP\n.B \\-\\-owner user\nFilter by owner.\n");
    let context = ranked(tree, &[("src/cli.py", &["color"]), ("src/filter/owner.py", &["matches"])]);
    let body = "## Acceptance criteria\n\n- [ ] `tool --owner 1000-2000` finds files whose uid is between 1000 and 2000\n- [ ] `!1000-2000` negates the owner range\n- [ ] the man page and the help text mention it\n";
    let text = document(&ticket("Limit results by a range of owners", body), &[context]);
    assert!(text.contains("Change `parse` in `src/cli.py`"), "{text}");
    assert!(text.contains("declares the option `--owner`, which the ticket names"), "{text}");
    assert!(!text.contains("`color`") && !text.contains("regex_helper"), "{text}");
    assert!(text.contains("- AC1: start in [`matches`]"), "{text}");
    assert!(text.contains("[`doc/tool.1:2`]") && text.contains("where `--owner` is described"), "{text}");
}

#[test]
fn a_placeholder_leads_to_where_it_is_handled() {
    let format = "pub fn fmt(token: Token) -> String {\n    match token {\n        Token::BasenameNoExt => write(\"{/.}\"),\n    }\n}\n\npub fn generate(token: Token) -> String {\n    match token {\n        Token::BasenameNoExt => remove_extension(path),\n    }\n}\n";
    let input = "pub fn remove_extension(path: &Path) -> OsString {\n    path.stem()\n}\n";
    let tree = MemoryTree::default()
        .file("src/format.rs", FileClass::Source, format)
        .file("src/input.rs", FileClass::Source, input)
        .file("src/main.rs", FileClass::Source, "fn leading_dot_pattern() {\n    exit()\n}\n")
        .import("src/format.rs", "src/input.rs");
    let context = ranked(tree, &[("src/main.rs", &["leading_dot_pattern"]), ("src/format.rs", &[])]);
    let body = "`tool --exec echo {/.}` prints an empty line for `.bashrc`. It should print `.bashrc`, since a leading dot does not start an extension.";
    let text = document(&ticket("{/.} drops the extension of hidden files", body), &[context]);
    assert!(text.contains("**Bug**"), "{text}");
    assert!(text.contains("**1. Fix `remove_extension` in `src/input.rs`"), "{text}");
    assert!(text.contains("is called where `{/.}` is handled, `BasenameNoExt` in"), "{text}");
    assert!(
        !text.contains("R1 “It should print `.bashrc`, since a leading dot does not start an…”: start in"),
        "{text}"
    );
}

#[test]
fn a_foreign_call_leads_to_the_function_that_makes_it_below_the_named_one() {
    let tree = MemoryTree::default()
        .file("src/context.js", FileClass::Source, "function clientIp(request) {\n  return validateHeader(request);\n}\n")
        .file("src/engine.js", FileClass::Source, "function validateHeader(request) {\n  return net.parseAddress(request);\n}\n\nfunction other(request) {\n  return net.parseAddress(1);\n}\n");
    let mut context = ranked(tree, &[("src/context.js", &["clientIp"])]);
    context.ranked.push(RankedFile {
        path: "src/engine.js".to_owned(),
        score: 1.0,
        probability: 0.1,
        evidence: vec![words(&["address"])],
    });
    let body = "`clientIp()` is empty, because `net.parseAddress` fails on an address with a port.\n\nExpected: 203.0.113.7. Actual: nothing.";
    let text = document(&ticket("clientIp is empty when the header has a port", body), &[context]);
    assert!(text.contains("`clientIp` calls `validateHeader`, which holds the ticket's `net.parseAddress`"), "{text}");
    assert!(!text.contains("`other`"), "{text}");
    assert!(text.contains("**Bug**") && !text.contains("reproduced"), "{text}");
    assert!(text.contains("Today: nothing") && text.contains("Wanted: 203.0.113.7"), "{text}");
}

#[test]
fn a_common_word_of_an_example_is_no_place_and_a_covered_file_needs_no_test_file_of_its_name() {
    let core = "class Group:\n    def command(self, name):\n        return name\n\n\nclass Option:\n    def prompt_for_value(self, ctx):\n        if self.hidden:\n            raise Abort()\n        return prompt(ctx)\n";
    let tree = MemoryTree::default()
        .file("src/core.py", FileClass::Source, core)
        .file("tests/test_defaults.py", FileClass::Test, "def test_default_is_shown():\n    pass\n")
        .import("tests/test_defaults.py", "src/core.py");
    let mut context = context("acme/tool", tree);
    let passage = Evidence::Passage { first: 6, last: 10, words: vec!["prompt".to_owned()] };
    likely(&mut context, "src/core.py", 0.6, vec![passage], &["command"]);
    near(&mut context, "tests/test_defaults.py", "src/core.py", "it imports the file", &["test_default_is_shown"]);
    context.create.push(LikelyNew {
        path: "tests/test_core.py".to_owned(),
        why: "files beside it have such a test".to_owned(),
        like: None,
    });
    let body = "The prompt shows the real default.\n\n```python\n@tool.command()\n@tool.option(\"--name\", prompt=True)\ndef cli(name): ...\n```\n";
    let text = document(&ticket("Prompt hides the default value", body), &[context]);
    assert!(text.contains("`Option.prompt_for_value` in `src/core.py`"), "{text}");
    assert!(!text.contains("Group.command") && !text.contains("test_core.py"), "{text}");
    assert!(!text.contains("raise Abort") && !text.contains("self.hidden"), "{text}");
}

#[test]
fn packages_that_the_ticket_does_not_name_are_not_named() {
    let text = "use anyhow::Context;\nuse nix::unistd::User;\n\npub fn matches(name: &str) -> bool {\n    User::from_name(name).is_some()\n}\n\npub fn other() {\n    Context::new()\n}\n";
    let tree = MemoryTree::default().file("Cargo.toml", FileClass::Config, "[dependencies]\n").file(
        "src/owner.rs",
        FileClass::Source,
        text,
    );
    let mut context = ranked(tree, &[("src/owner.rs", &["matches"])]);
    context.facts = vec![
        fact(FactKind::Dependency, "anyhow", "", "Cargo.toml", 1),
        fact(FactKind::Dependency, "nix", "", "Cargo.toml", 1),
    ];
    let text =
        document(&ticket("Owners are matched wrong", "`matches` fails for groups, since `nix` is asked."), &[context]);
    assert!(text.contains("Used: `nix`") && !text.contains("Used: `anyhow`"), "{text}");
}

#[test]
fn a_signature_that_was_cut_ends_at_a_whole_parameter() {
    let head = "pub fn prompt(text: &str, hide: bool, suffix: &str";
    let tree = MemoryTree::default()
        .file("src/term.rs", FileClass::Source, &format!("{head}\n) -> bool {{\n    true\n}}\n"))
        .file("src/main.rs", FileClass::Source, "fn main() {\n    prompt(1);\n}\n")
        .import("src/main.rs", "src/term.rs");
    let context = ranked(tree, &[("src/term.rs", &["prompt"])]);
    let text = document(&ticket("`prompt` is wrong", "It fails."), &[context]);
    assert!(text.contains("`pub fn prompt(text: &str, hide: bool, …)`"), "{text}");
}

/// Pets with a table in two databases, a form, a page of their owner and texts in two languages.
fn clinic() -> Context {
    let pet = "class Pet {\n    private LocalDate birthDate;\n}\n";
    let table = "CREATE TABLE owners (\n  id INT\n);\nCREATE TABLE pets (\n  id INT,\n  birth_date DATE\n);\n";
    let tree = MemoryTree::default()
        .file("src/owner/Pet.java", FileClass::Source, pet)
        .file("src/owner/PetValidator.java", FileClass::Source, "class PetValidator {\n}\n")
        .file("src/owner/PetController.java", FileClass::Source, "class PetController {\n}\n")
        .file("db/h2/schema.sql", FileClass::Source, table)
        .file("db/mysql/schema.sql", FileClass::Source, table)
        .file("templates/pets/form.html", FileClass::Source, "<input name=\"birthDate\">\n")
        .file("templates/vets/list.html", FileClass::Source, "<p>Vets</p>\n")
        .file("messages/messages.properties", FileClass::Config, "birthDate=Birth Date\n")
        .file("messages/messages_de.properties", FileClass::Config, "birthDate=Geburtsdatum\n");
    ranked(tree, &[("src/owner/PetController.java", &["PetController"])])
}

const STORY: &str = "As a receptionist I want to record a pet's microchip number so that a found pet can be traced.\n\nGiven a pet form\nWhen I enter a number and save\nThen the number is shown\n\n- The number is optional.\n- Works on H2 and MySQL.\n";

#[test]
fn a_new_attribute_reaches_every_schema_the_entity_its_forms_and_its_texts() {
    let text = document(&ticket("Store the pet's microchip number", STORY), &[clinic()]);
    for path in [
        "db/h2/schema.sql",
        "db/mysql/schema.sql",
        "src/owner/Pet.java",
        "src/owner/PetValidator.java",
        "templates/pets/form.html",
    ] {
        assert!(text.contains(&format!("Modify [`{path}`]")), "{path}\n{text}");
    }
    assert!(
        text.contains("Add the microchip number where `birth_date` stands: at [`db/mysql/schema.sql:6`]"),
        "{text}"
    );
    assert!(
        text.contains("Add the microchip number where `birthDate` stands: in `Pet` ([`src/owner/Pet.java:2`]"),
        "{text}"
    );
    assert!(text.contains("and in its translation"), "{text}");
    assert!(!text.contains("No schema change") && !text.contains("templates/vets"), "{text}");
}

#[test]
fn items_that_stand_beside_a_scenario_are_asked_for_too() {
    let text = document(&ticket("Store the pet's microchip number", STORY), &[clinic()]);
    assert!(text.contains("R1 The number is optional.") && text.contains("R2 Works on H2 and MySQL."), "{text}");
}
