//! Every configuration in the repository is one that `config check` accepts.

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use planwright::{cli::config, config::Sources};

/// Every TOML file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let toml = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    toml.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}

/// Runs `config check` on one file; returns what it prints.
fn check(file: &Path, read_secrets: bool) -> String {
    let pem = "-----BEGIN RSA PRIVATE KEY-----\nmade up\n-----END RSA PRIVATE KEY-----";
    let text = std::fs::read_to_string(file).unwrap();
    let named = regex::Regex::new(r#"\{ env = "(\w+)" \}"#).unwrap();
    let value = |name: &str| match name {
        "DATABASE_URL" => "postgres://planwright:made-up@db.example.com/planwright",
        name if name.ends_with("KEY") => pem,
        // Stands alone as a proof: must be long.
        name if name.ends_with("ADDRESS_SECRET") => "made-up-made-up-made-up-made-up",
        _ => "made-up",
    };
    let env: BTreeMap<String, String> =
        named.captures_iter(&text).map(|found| (found[1].to_owned(), value(&found[1]).to_owned())).collect();
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    config::check(&Sources { files: vec![file.to_owned()], env, read_secrets }, &mut out, &mut problems).unwrap();
    String::from_utf8(out).unwrap() + &String::from_utf8(problems).unwrap()
}

#[test]
fn every_example_is_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = [files(&root.join("config")), files(&root.join("deploy"))].concat();
    assert!(all.len() >= 5, "{all:?}");
    for file in all {
        assert_eq!(check(&file, false), "ok\n", "{}", file.display());
        let from_files = std::fs::read_to_string(&file).unwrap().contains("{ file = ");
        if !from_files {
            assert_eq!(check(&file, true), "ok\n", "{}", file.display());
        }
    }
}
