//! What kind of file a path is.
//!
//! In: a path, the repository's attributes, and the head of its text. Out: a [`FileClass`]. Rules are tables.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{facts::migrations::is_numbered, language};
use crate::model::context::FileClass;

/// Folder names of code that others wrote.
const VENDORED: &[&str] = &[
    "vendor",
    "vendored",
    "_vendor",
    "_vendored",
    "node_modules",
    "third_party",
    "third-party",
    "thirdparty",
    "bower_components",
    "external",
];
/// Folder names of what tools make.
const GENERATED: &[&str] = &["dist", "generated", "__generated__", "gen", "pb"];
/// Folder names of tests and what tests read.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "__tests__",
    "__mocks__",
    "spec",
    "specs",
    "e2e",
    "fixtures",
    "fixture",
    "testutil",
    "testutils",
    "test-utils",
    "unittests",
    "unittest",
    "integration-tests",
    "integration_tests",
    "testlib",
    "testfixtures",
    "snapshots",
    "__snapshots__",
    "cypress",
    "mocks",
    "benches",
    "benchmark",
    "benchmarks",
    "bench",
];
/// Folder names of prose.
const DOCS: &[&str] = &["doc", "docs", "documentation", "website", "changelog", "changelogs"];
/// Extensions of prose.
const PROSE: &[&str] = &["md", "markdown", "mdx", "rst", "adoc", "asciidoc", "txt", "1", "2", "3", "5", "7", "8"];
/// Extensions of settings, manifests and data that tools read.
const SETTINGS: &[&str] = &[
    "toml",
    "yml",
    "yaml",
    "json",
    "jsonc",
    "json5",
    "ini",
    "cfg",
    "conf",
    "properties",
    "env",
    "lock",
    "gradle",
    "csproj",
    "fsproj",
    "vbproj",
    "sln",
    "props",
    "targets",
    "xml",
    "tf",
    "tfvars",
    "cmake",
    "mk",
    "am",
    "ac",
    "in",
    "bazel",
    "bzl",
    "nix",
    "editorconfig",
    "gitignore",
    "gitattributes",
    "sum",
    "mod",
    "work",
];
/// Names of files that set up builds.
const SETTING_NAMES: &[&str] = &[
    "Makefile",
    "GNUmakefile",
    "Dockerfile",
    "Containerfile",
    "Gemfile",
    "Rakefile",
    "Procfile",
    "Jenkinsfile",
    "Vagrantfile",
    "justfile",
    "Justfile",
    "CODEOWNERS",
    "BUILD",
    "WORKSPACE",
    "Pipfile",
    "setup.py",
    "CMakeLists.txt",
    "build.rs",
    "noxfile.py",
    "tox.ini",
];
/// Extensions of what is not text.
const BINARY: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "ico", "webp", "bmp", "svgz", "pdf", "zip", "gz", "tgz", "xz", "bz2", "zst", "7z",
    "jar", "war", "class", "dll", "exe", "so", "dylib", "a", "o", "lib", "pdb", "wasm", "woff", "woff2", "ttf", "otf",
    "eot", "mp3", "mp4", "mov", "wav", "sqlite", "db", "parquet", "avro", "snk", "pfx", "p12", "bin", "dat",
];

/// Rules of `.gitattributes` that say who made a file (`linguist-generated`, `linguist-vendored`), by
/// <https://github.com/github-linguist/linguist/blob/main/docs/overrides.md>.
#[derive(Clone, Debug)]
pub struct Attributes {
    patterns: GlobSet,
    says: Vec<(FileClass, bool)>,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { patterns: GlobSet::empty(), says: Vec::new() }
    }
}

/// The most rules that are read of a `.gitattributes`.
const MAX_RULES: usize = 500;

impl Attributes {
    /// Reads the `.gitattributes` of the root. Lines that are not understood are passed over.
    pub fn parse(text: &str) -> Self {
        let mut builder = GlobSetBuilder::new();
        let mut says = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_ascii_whitespace();
            let Some(pattern) = words.next() else { continue };
            for word in words {
                let Some(said) = attribute(word) else { continue };
                if says.len() < MAX_RULES
                    && let Ok(glob) = GlobBuilder::new(&anchored(pattern)).literal_separator(true).build()
                {
                    builder.add(glob);
                    says.push(said);
                }
            }
        }
        builder.build().map_or_else(|_| Self::default(), |patterns| Self { patterns, says })
    }

    /// The last rule that speaks of a path, as git reads them.
    fn of(&self, path: &str) -> Option<(FileClass, bool)> {
        self.patterns.matches(path).last().map(|index| self.says[*index])
    }
}

/// Reads one attribute: set, unset (`-name`, `name=false`) or another one.
fn attribute(word: &str) -> Option<(FileClass, bool)> {
    let (name, set) = match word.strip_prefix('-') {
        Some(name) => (name, false),
        None => match word.split_once('=') {
            Some((name, value)) => (name, value != "false"),
            None => (word, true),
        },
    };
    match name {
        "linguist-generated" => Some((FileClass::Generated, set)),
        "linguist-vendored" => Some((FileClass::Vendored, set)),
        "linguist-documentation" => Some((FileClass::Doc, set)),
        _ => None,
    }
}

/// A pattern of git as one of globset: without a slash it holds in every folder.
fn anchored(pattern: &str) -> String {
    let inner = pattern.trim_end_matches('/');
    match inner.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None if inner.contains('/') => inner.to_owned(),
        None => format!("**/{inner}"),
    }
}

/// The class of a path, as far as its name and the attributes say.
pub fn class(path: &str, attributes: &Attributes) -> FileClass {
    match attributes.of(path) {
        Some((class, true)) => return class,
        Some((FileClass::Generated | FileClass::Vendored, false)) => return by_name(path, false),
        _ => {}
    }
    by_name(path, true)
}

/// The class by folders, name and extension.
fn by_name(path: &str, foreign: bool) -> FileClass {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let original = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let inside = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    if BINARY.contains(&extension) {
        return FileClass::Binary;
    }
    if foreign && inside(VENDORED) {
        return FileClass::Vendored;
    }
    if foreign && (inside(GENERATED) || is_generated_name(name)) {
        return FileClass::Generated;
    }
    if is_migration(folders, original, extension) {
        return FileClass::Migration;
    }
    let code = language::of(path).is_some_and(|language| language.is_code);
    if code && is_test(folders, name, original) {
        return FileClass::Test;
    }
    if PROSE.contains(&extension) && original != "CMakeLists.txt" || is_prose_name(name) {
        return FileClass::Doc;
    }
    if SETTINGS.contains(&extension) || SETTING_NAMES.contains(&original) || is_setting_name(folders, name) {
        return if inside(TESTS) { FileClass::Test } else { FileClass::Config };
    }
    match code {
        true if inside(DOCS) => FileClass::Doc,
        true => FileClass::Source,
        false if inside(TESTS) => FileClass::Test,
        false => FileClass::Other,
    }
}

/// Names that tools give to what they write.
fn is_generated_name(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".pb.go",
        ".pb.cc",
        ".pb.h",
        "_pb2.py",
        "_pb2.pyi",
        "_pb2_grpc.py",
        ".g.dart",
        ".freezed.dart",
        ".designer.cs",
        ".g.cs",
        ".generated.cs",
        ".generated.ts",
        ".gen.go",
        "_generated.go",
        ".min.js",
        ".min.css",
        ".bundle.js",
        ".js.map",
        ".css.map",
        ".snap",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending)) || name.starts_with("zz_generated")
}

/// Folders and names of schema changes: scripts in SQL, and programs whose name is numbered as tools number them. Other
/// programs in such a folder are the tool's own.
fn is_migration(folders: &str, name: &str, extension: &str) -> bool {
    let inside = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    let is_data = ["sql", "xml", "yml", "yaml"].contains(&extension);
    let is_program = ["py", "rb", "js", "ts", "php", "cs"].contains(&extension)
        && (is_numbered(name) || folders.ends_with("/versions"));
    (is_data || is_program)
        && (inside(&["migrations", "migration", "migrate"]) || folders.ends_with("alembic/versions"))
        && !folders.starts_with("test")
        && !folders.contains("/test")
}

/// Is it a test, by the habits of its language?
fn is_test(folders: &str, name: &str, original: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let original_stem = original.split('.').next().unwrap_or(original);
    let test_folder = folders.split('/').any(|folder| {
        TESTS.contains(&folder)
            || folder.starts_with("tests_")
            || folder.ends_with(".tests")
            || folder.ends_with(".unittests")
            || folder.ends_with("-tests")
            || folder.ends_with("_tests")
            || folder.ends_with(".test")
    });
    test_folder
        || stem.starts_with("test_")
        || stem.starts_with("test-")
        || ["_test", "_tests", "_spec", "-test", "_bench"].iter().any(|end| stem.ends_with(end))
        || [".test.", ".spec.", ".tests.", ".e2e.", "-spec.", ".stories."].iter().any(|part| name.contains(part))
        || ["conftest", "tests", "test"].contains(&stem)
        || ["Test", "Tests", "TestCase", "Spec", "IT"].iter().any(|end| {
            original_stem.strip_suffix(end).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_lowercase()))
        })
}

/// Names of prose without an extension that says so.
fn is_prose_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    ["readme", "license", "licence", "copying", "authors", "notice", "changelog", "changes", "news"].contains(&stem)
        && language::of(name).is_none_or(|language| !language.is_code)
}

/// Names and folders of settings.
fn is_setting_name(folders: &str, name: &str) -> bool {
    folders.starts_with(".github")
        || folders.starts_with(".circleci")
        || folders.starts_with(".config")
        || name.starts_with(".eslintrc")
        || name.starts_with("dockerfile")
        || name.starts_with(".env")
        || [".config.js", ".config.ts", ".config.mjs", ".config.cjs"].iter().any(|end| name.ends_with(end))
}

/// Does the text look made by a tool? Looks at its head and at the length of its lines.
pub fn is_generated_text(text: &str) -> bool {
    const SIGNS: &[&str] =
        &["@generated", "DO NOT EDIT", "Do not edit", "<auto-generated", "autogenerated by", "Autogenerated by"];
    let head = text.char_indices().nth(1500).map_or(text, |(at, _)| &text[..at]);
    let signed = head.lines().take(20).any(|line| SIGNS.iter().any(|sign| line.contains(sign)));
    let lines = text.lines().count().max(1);
    signed || (text.len() > 20_000 && text.len() / lines > 300)
}

/// Is it not text? A NUL byte in its first 8,000 bytes, as git decides (xdiff-interface.c, `buffer_is_binary`).
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}
