//! Which crate and which target of cargo a Rust file belongs to, and a test command for them alone.
//!
//! In: a command's words and a path, with [`Files`] to look at. Out: the command for the file's own target, or nothing: a
//! filter that matches no test passes and shows nothing. (Cargo book: "Cargo Targets", "cargo test", "Workspaces".)

use std::sync::Arc;

use super::super::code::path::{folder, stem};

/// What is read of a repository.
pub struct Files<'f> {
    pub text: &'f dyn Fn(&str) -> Option<Arc<str>>,
    /// The paths below a folder.
    pub below: &'f dyn Fn(&str) -> Vec<String>,
}

/// Where cargo finds the tests of a file.
#[derive(Debug, Default, PartialEq)]
struct Place {
    /// The crate, by name; empty where no manifest tells it.
    package: String,
    /// The crate's folder; empty for the root.
    folder: String,
    /// `--test x` or `--bin x`.
    target: Option<String>,
    /// `x::`, where the file is no target itself.
    module: Option<String>,
    manifest: String,
}

/// Options that take the next word as their value, and stay.
const VALUED: &[&str] =
    &["--profile", "--target", "--target-dir", "-j", "--jobs", "--color", "--message-format", "--config", "-Z"];
/// Options that ask for everything, or for kinds of targets.
const WIDE: &[&str] =
    &["--workspace", "--all", "--all-targets", "--lib", "--bins", "--tests", "--benches", "--examples"];

/// The command for one file of Rust: `cargo test --workspace` → `cargo test -p shop --test cart`.
pub fn narrow(words: &[&str], path: &str, files: &Files<'_>) -> Option<String> {
    let start = words.iter().position(|word| *word == "cargo")? + 1;
    let start = start + usize::from(words.get(start).is_some_and(|word| word.starts_with('+')));
    let verb = match words.get(start..)? {
        ["test", ..] => start + 1,
        ["nextest", "run", ..] => start + 2,
        _ => return None,
    };
    let place = Place::of(path, files)?;
    let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
    let (kept, is_chosen) = options(&words[verb..end], &place)?;
    let (mut out, behind) = (words[..verb].to_vec(), &words[end..]);
    out.extend(kept);
    if is_chosen || !place.folder.is_empty() && !out.contains(&"--manifest-path") {
        out.extend(["-p", &place.package]);
    }
    let gates = if out.contains(&"-p") { place.gates(path, files) } else { Vec::new() };
    let gates = gates.join(",");
    let has_features = out.iter().any(|word| word.starts_with("--features") || *word == "--all-features");
    if !gates.is_empty() && !has_features {
        out.extend(["--features", &gates]);
    }
    let target = place.target.as_deref().unwrap_or_default();
    out.extend(target.split_whitespace().chain(place.module.as_deref()));
    // What stands behind `--` may choose tests too.
    let chooses = behind.iter().any(|word| !word.starts_with("--") || *word == "--skip" || *word == "--exact");
    out.extend(behind);
    (!chooses).then(|| out.join(" "))
}

/// The options that stay when one target is chosen, and whether they chose the crate; `None` where they choose another one.
/// An option and what depends on it go together.
fn options<'w>(words: &[&'w str], place: &Place) -> Option<(Vec<&'w str>, bool)> {
    let mut kept = Vec::new();
    let mut chosen: Vec<&str> = Vec::new();
    let mut all = words.iter().copied();
    while let Some(word) = all.next() {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let mut value = || value.or_else(|| all.next());
        match name {
            _ if WIDE.contains(&name) => {}
            "--exclude" => drop(value()?),
            "-p" | "--package" => chosen.push(value()?),
            "--test" | "--bin" => {
                let wanted = format!("{name} {}", value()?);
                place.target.as_deref().filter(|target| *target == wanted)?;
            }
            "--doc" | "--example" | "--bench" => return None,
            "--manifest-path" => {
                let manifest = value()?;
                let own = if place.folder.is_empty() { String::new() } else { format!("{}/", place.folder) };
                (manifest.trim_start_matches("./") == format!("{own}Cargo.toml")).then_some(())?;
                kept.extend(["--manifest-path", manifest]);
            }
            "--features" | "-F" => {
                let features = value()?;
                place.has_features(features).then_some(())?;
                kept.extend(["--features", features]);
            }
            _ if VALUED.contains(&word) => kept.extend([word, value()?]),
            // A word alone is a filter of its own.
            _ if word.starts_with('-') => kept.push(word),
            _ => return None,
        }
    }
    let is_own = |glob: &&str| match glob.split_once('*') {
        Some((start, end)) => place.package.starts_with(start) && place.package.ends_with(end),
        None => *glob == place.package,
    };
    (chosen.is_empty() || chosen.iter().any(is_own)).then_some((kept, !chosen.is_empty()))
}

impl Place {
    /// The place of a file; `None` where its tests are no target of the root's workspace.
    fn of(path: &str, files: &Files<'_>) -> Option<Self> {
        let mut place = Self::home(path, files)?;
        let own = path.strip_prefix(place.folder.as_str())?.trim_start_matches('/').to_owned();
        let module = if stem(&own) == "mod" { folder(&own).rsplit('/').next().unwrap_or_default() } else { stem(&own) };
        place.module = Some(format!("{module}::"));
        if let Some(program) = own.strip_prefix("src/bin/") {
            let name = program.split(['/', '.']).next().unwrap_or_default();
            place.target = Some(format!("--bin {name}"));
            let is_root = program == format!("{name}.rs") || program == format!("{name}/main.rs");
            place.module = place.module.filter(|_| !is_root);
            return Some(place);
        }
        if !own.starts_with("tests/") {
            let is_module = own.contains("src/") && !matches!(module, "lib" | "main" | "build");
            return is_module.then_some(place);
        }
        let targets = place.targets(files);
        if let Some(name) = place.own_target(&own, &targets) {
            (place.target, place.module) = (Some(format!("--test {name}")), None);
            return Some(place);
        }
        let homes: Vec<&(String, String)> =
            targets.iter().filter(|(_, file)| place.declares(file, &own, files)).collect();
        match homes.as_slice() {
            [] => place.manifest.is_empty().then_some(place),
            [(name, _)] => Some(Self { target: Some(format!("--test {name}")), ..place }),
            _ => Some(place),
        }
    }

    /// The crate around a path. Without any manifest, the root is taken for one.
    fn home(path: &str, files: &Files<'_>) -> Option<Self> {
        let manifest = |folder: &str| {
            let at = if folder.is_empty() { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
            (files.text)(&at)
        };
        let root = manifest("");
        let mut around = std::iter::successors(Some(folder(path)), |at| (!at.is_empty()).then(|| folder(at)));
        let found = around.find_map(|at| Some((at, manifest(at).filter(|text| has_table(text, "[package]"))?)));
        let Some((at, text)) = found else { return root.is_none().then(Self::default) };
        let package = value(&text, "[package]", "name").unwrap_or_default().to_owned();
        let is_member = || {
            let quoted = [format!("\"{at}\""), format!("\"./{at}\"")];
            let excludes = |root: &str| {
                let list =
                    value(root, "[workspace]", "exclude").map_or("", |_| root.split("exclude").nth(1).unwrap_or(""));
                quoted.iter().any(|q| list.split(']').next().unwrap_or_default().contains(q))
            };
            let is_whole = root.as_deref().is_some_and(|root| has_table(root, "[workspace]") && !excludes(root));
            is_whole && !has_table(&text, "[workspace]") && !package.is_empty()
        };
        let is_found = at.is_empty() || is_member();
        is_found.then(|| Self { package, folder: at.to_owned(), manifest: text.to_string(), ..Self::default() })
    }

    /// The features behind which the modules stand that lead to a file, without those that the crate has by default. With
    /// the crate alone chosen, no other crate of the workspace turns them on.
    fn gates(&self, path: &str, files: &Files<'_>) -> Vec<String> {
        let own = path.strip_prefix(self.folder.as_str()).unwrap_or(path).trim_start_matches('/');
        let Some((root, inner)) = own.split_once('/').filter(|(root, _)| ["src", "tests"].contains(root)) else {
            return Vec::new();
        };
        let at = |inner: &str| match self.folder.as_str() {
            "" => format!("{root}/{inner}"),
            folder => format!("{folder}/{root}/{inner}"),
        };
        let modules: Vec<&str> = inner.trim_end_matches(".rs").split('/').filter(|name| *name != "mod").collect();
        let default = value(&self.manifest, "[features]", "default").unwrap_or_default();
        let mut out: Vec<String> = Vec::new();
        for (depth, name) in modules.iter().enumerate() {
            let above = modules[..depth].join("/");
            let homes = match depth {
                0 => vec![at("lib.rs"), at("main.rs")],
                _ => vec![at(&format!("{above}/mod.rs")), at(&format!("{above}.rs"))],
            };
            let text = homes.iter().find_map(|home| (files.text)(home));
            let feature = text.and_then(|text| gate(&text, name));
            let is_on = |feature: &String| default.contains(&format!("\"{feature}\"")) || out.contains(feature);
            out.extend(feature.filter(|feature| !is_on(feature)));
        }
        out
    }

    /// The crate's test targets: name and file, relative to the crate.
    fn targets(&self, files: &Files<'_>) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = Vec::new();
        for section in self.manifest.split("[[test]]").skip(1) {
            let section = section.split("\n[").next().unwrap_or_default();
            let find = |key: &str| section.lines().find_map(|line| assigned(line, key));
            let Some(name) = find("name") else { continue };
            out.push((name.to_owned(), find("path").map_or_else(|| format!("tests/{name}.rs"), str::to_owned)));
        }
        if self.names_targets() {
            return out;
        }
        let tests = if self.folder.is_empty() { "tests".to_owned() } else { format!("{}/tests", self.folder) };
        for path in (files.below)(&tests) {
            let own = path.strip_prefix(self.folder.as_str()).unwrap_or(&path).trim_start_matches('/').to_owned();
            let Some(inner) = own.strip_prefix("tests/").and_then(|inner| inner.strip_suffix(".rs")) else { continue };
            let name = inner.strip_suffix("/main").unwrap_or(inner).to_owned();
            if !name.contains('/') && out.iter().all(|(_, file)| *file != own) {
                out.push((name, own));
            }
        }
        out
    }

    /// The target that the file is itself, or will be once it is made.
    fn own_target<'t>(&self, own: &'t str, targets: &'t [(String, String)]) -> Option<&'t str> {
        if let Some((name, _)) = targets.iter().find(|(_, file)| file == own) {
            return Some(name);
        }
        let inner = own.strip_prefix("tests/")?.strip_suffix(".rs")?;
        let name = inner.strip_suffix("/main").unwrap_or(inner);
        (!self.names_targets() && !name.contains('/')).then_some(name)
    }

    /// Are the test targets those alone that the manifest names?
    fn names_targets(&self) -> bool {
        value(&self.manifest, "[package]", "autotests") == Some("false")
    }

    /// Does the target in `file` hold the file `own` as one of its modules, by the module that its path begins with?
    fn declares(&self, file: &str, own: &str, files: &Files<'_>) -> bool {
        let home = if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) };
        let Some(inner) = own.strip_prefix(folder(file)).and_then(|inner| inner.strip_prefix('/')) else {
            return false;
        };
        let first = inner.split(['/', '.']).next().unwrap_or_default();
        let declares = |line: &str| {
            let line = line.trim().trim_start_matches("pub ");
            line.strip_prefix("mod ").is_some_and(|name| name.trim_end_matches([';', '{', ' ']) == first)
        };
        (files.text)(&home).is_some_and(|text| text.lines().any(declares))
    }

    /// Does the crate have all of these features? Cargo refuses others where a crate is chosen.
    fn has_features(&self, features: &str) -> bool {
        let is_known = |name: &str| value(&self.manifest, "[features]", name).is_some();
        features.split(',').all(|name| match name.split_once('/') {
            Some((package, _)) => package == self.package,
            None => self.folder.is_empty() || is_known(name),
        })
    }
}

/// The feature behind which a text declares a module: `#[cfg(feature = "x")]` right above `mod name`.
fn gate(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &str| {
        let bare = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        bare.strip_prefix("mod ").is_some_and(|rest| rest.trim_end_matches([';', '{', ' ']) == name)
    };
    let at = lines.iter().position(|line| declares(line))?;
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
    let gate = above.into_iter().find_map(|line| line.strip_prefix("#[cfg(feature = \""))?;
    gate.strip_suffix("\")]").map(str::to_owned)
}

/// Does the manifest hold the table?
fn has_table(manifest: &str, table: &str) -> bool {
    manifest.lines().any(|line| line.trim() == table)
}

/// The value of a key in a table of a manifest, without quotes.
fn value<'m>(manifest: &'m str, table: &str, key: &str) -> Option<&'m str> {
    let inside = manifest.lines().skip_while(|line| line.trim() != table).skip(1);
    inside.take_while(|line| !line.starts_with('[')).find_map(|line| assigned(line, key))
}

/// What a line gives to a key.
fn assigned<'m>(line: &'m str, key: &str) -> Option<&'m str> {
    let rest = line.trim_start().strip_prefix(key)?.trim_start().strip_prefix('=')?;
    Some(rest.split(" #").next().unwrap_or(rest).trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &[(&str, &str)] = &[
        ("Cargo.toml", "[package]\nname = \"nu\"\n\n[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"fuzz\"]\n"),
        ("tests/main.rs", "mod shell;\n"),
        ("tests/shell/pipes.rs", ""),
        ("crates/shop/Cargo.toml", "[package]\nname = \"acme-shop\"\n\n[features]\nfull = []\n"),
        ("crates/shop/tests/cart.rs", ""),
        ("crates/shop/tests/orders/main.rs", "mod paid;\n"),
        ("crates/shop/tests/orders/paid.rs", ""),
        ("crates/shop/tests/orders/lost.rs", ""),
        (
            "crates/one/Cargo.toml",
            "[package]\nname = \"one\"\nautotests = false\n\n[[test]]\nname = \"all\"\npath = \"tests/every.rs\"\n",
        ),
        ("crates/one/tests/every.rs", "mod a;\nmod b;\n"),
        ("fuzz/Cargo.toml", "[package]\nname = \"fuzz\"\n"),
    ];

    fn check(line: &str, path: &str, expected: Option<&str>) {
        let text = |path: &str| REPOSITORY.iter().find(|(known, _)| *known == path).map(|(_, text)| Arc::from(*text));
        let below = |folder: &str| {
            let all = REPOSITORY.iter().map(|(path, _)| *path);
            all.filter(|path| path.starts_with(&format!("{folder}/"))).map(str::to_owned).collect()
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let found = narrow(&words, path, &Files { text: &text, below: &below });
        assert_eq!(found.as_deref(), expected, "{line} {path}");
    }

    #[test]
    fn a_file_is_tested_in_its_crate_by_its_target() {
        let cart = "crates/shop/tests/cart.rs";
        let wide = "cargo test --workspace --profile ci --exclude nu_plugin_*";
        check(wide, cart, Some("cargo test --profile ci -p acme-shop --test cart"));
        check(wide, "crates/shop/src/cart.rs", Some("cargo test --profile ci -p acme-shop cart::"));
        check(wide, "crates/shop/src/lib.rs", None);
        check(wide, "crates/shop/src/bin/till.rs", Some("cargo test --profile ci -p acme-shop --bin till"));
        check("cargo test", "crates/shop/tests/orders/main.rs", Some("cargo test -p acme-shop --test orders"));
        check("cargo test", "crates/shop/tests/orders/paid.rs", Some("cargo test -p acme-shop --test orders paid::"));
        check("cargo test", "tests/shell/pipes.rs", Some("cargo test --test main pipes::"));
        check("cargo test", "crates/shop/tests/new.rs", Some("cargo test -p acme-shop --test new"));
        check("cargo test", "crates/one/tests/new.rs", None);
        check("cargo test", "crates/one/tests/every.rs", Some("cargo test -p one --test all"));
        check("cargo test", "crates/one/tests/b.rs", Some("cargo test -p one --test all b::"));
        check("cargo nextest run --all", cart, Some("cargo nextest run -p acme-shop --test cart"));
    }

    #[test]
    fn what_stands_behind_a_feature_is_run_with_it() {
        let files_of = |path: &str| -> Option<Arc<str>> {
            let found = match path {
                "crates/shop/Cargo.toml" => {
                    "[package]\nname = \"shop\"\n\n[features]\ndefault = [\"web\"]\nsql = []\nweb = []\n"
                }
                "Cargo.toml" => "[workspace]\nmembers = [\"crates/*\"]\n",
                "crates/shop/src/lib.rs" => {
                    "#[cfg(feature = \"sql\")]\nmod store;\n#[cfg(feature = \"web\")]\npub mod page;\nmod cart;\n"
                }
                _ => return None,
            };
            Some(Arc::from(found))
        };
        let run = |path: &str| {
            let files = Files { text: &files_of, below: &|_| Vec::new() };
            narrow(&["cargo", "test", "--workspace"], path, &files)
        };
        let expected = |line: &str| Some(line.to_owned());
        assert_eq!(run("crates/shop/src/store/rows.rs"), expected("cargo test -p shop --features sql rows::"));
        assert_eq!(run("crates/shop/src/page.rs"), expected("cargo test -p shop page::"));
        assert_eq!(run("crates/shop/src/cart.rs"), expected("cargo test -p shop cart::"));
    }

    #[test]
    fn what_would_run_nothing_or_something_else_is_no_command() {
        let cart = "crates/shop/tests/cart.rs";
        check("cargo test", "crates/shop/tests/orders/lost.rs", None);
        check("cargo test", "fuzz/tests/a.rs", None);
        check("cargo test -p one", cart, None);
        check("cargo test -p acme-*", cart, Some("cargo test -p acme-shop --test cart"));
        check("cargo test --doc", cart, None);
        check("cargo test --test orders", cart, None);
        check("cargo test cart_totals", cart, None);
        check("cargo test --all --features full", cart, Some("cargo test --features full -p acme-shop --test cart"));
        check("cargo test --all --features other", cart, None);
        check("cargo test -- --test-threads=1", cart, Some("cargo test -p acme-shop --test cart -- --test-threads=1"));
        check("cargo test -- totals", cart, None);
        check("cargo hack test", cart, None);
    }
}
