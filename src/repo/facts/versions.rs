//! The version of a language that a manifest of the root demands.
//!
//! In: a language, and the text of its manifest. Out: the version as it is written, with its line.

/// Manifests by language, with the key whose value is the version: `go 1.24` (go.dev/ref/mod), `requires-python`
/// (packaging.python.org), `rust-version` (doc.rust-lang.org/cargo).
const MANIFESTS: &[(&str, &str, &str)] =
    &[("go", "go.mod", "go "), ("python", "pyproject.toml", "requires-python"), ("rust", "Cargo.toml", "rust-version")];

/// The manifest of a language.
pub fn manifest(language: &str) -> Option<&'static str> {
    MANIFESTS.iter().find(|(known, ..)| *known == language).map(|(_, path, _)| *path)
}

/// The version that the manifest demands, with its line.
pub fn version(language: &str, manifest: &str) -> Option<(String, u32)> {
    let (.., key) = MANIFESTS.iter().find(|(known, ..)| *known == language)?;
    manifest.lines().zip(1_u32..).find_map(|(line, number)| {
        let value = line.trim().strip_prefix(key)?.trim_start_matches([' ', '=']);
        let value = value.split(['#', '/']).next()?.trim().trim_matches(['"', '\'']);
        let is_version = value.starts_with(|c: char| c.is_ascii_digit() || "^~<>".contains(c));
        is_version.then(|| (value.to_owned(), number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_demand_versions() {
        let check = |language: &str, text: &str, expected: Option<(&str, u32)>| {
            let expected = expected.map(|(version, line)| (version.to_owned(), line));
            assert_eq!(version(language, text), expected, "{text}");
        };
        check("go", "module x\n\ngo 1.24\n", Some(("1.24", 3)));
        check("python", "[project]\nrequires-python = \">=3.12\"\n", Some((">=3.12", 2)));
        check("rust", "[package]\nrust-version = \"1.80\" # ours\n", Some(("1.80", 2)));
        check("rust", "[package]\nrust-version.workspace = true\n", None);
        check("ruby", "go 1.24\n", None);
    }
}
