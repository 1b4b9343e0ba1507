//! What the README says of commands, files and packs is so.

use std::{fs, path::Path};

use planwright::{templates::Packs, trigger::grammar::FORMS};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

#[test]
fn every_form_of_the_command_stands_in_the_readme() {
    let readme = readme();
    for form in FORMS {
        let usage = format!("`/plan {}", form.usage);
        assert!(readme.contains(usage.trim_end()), "{usage}");
    }
}

#[test]
fn every_pack_stands_in_the_readme() {
    let readme = readme();
    for name in Packs::builtin().names() {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_file_that_the_readme_links_is_there() {
    let readme = readme();
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for link in links.filter(|link| !link.contains("://")) {
        assert!(root().join(link).exists(), "{link}");
    }
}
