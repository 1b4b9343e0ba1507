//! Programming languages by file name.
//!
//! In: a path. Out: the language's name, and whether its files are source code that a plan may change.

/// What a file name says about its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Lower-case name: `rust`, `c#`.
    pub name: &'static str,
    /// Files of it are program text (as opposed to prose, data and settings).
    pub is_code: bool,
}

/// Extensions and names of program text.
const CODE: &[(&str, &[&str])] = &[
    ("rust", &["rs"]),
    ("python", &["py", "pyi", "pyx", "pxd"]),
    ("javascript", &["js", "jsx", "mjs", "cjs"]),
    ("typescript", &["ts", "mts", "cts"]),
    ("tsx", &["tsx"]),
    ("go", &["go"]),
    ("java", &["java"]),
    ("c#", &["cs"]),
    ("c", &["c"]),
    ("c++", &["cc", "cpp", "cxx", "c++", "hpp", "hh", "hxx", "inl", "ipp", "tcc", "h"]),
    ("ruby", &["rb", "rake", "gemspec", "ru"]),
    ("php", &["php", "phtml"]),
    ("kotlin", &["kt", "kts"]),
    ("scala", &["scala", "sc"]),
    ("groovy", &["groovy"]),
    ("swift", &["swift"]),
    ("objective-c", &["m", "mm"]),
    ("dart", &["dart"]),
    ("elixir", &["ex", "exs"]),
    ("erlang", &["erl", "hrl"]),
    ("haskell", &["hs"]),
    ("ocaml", &["ml", "mli"]),
    ("f#", &["fs", "fsi", "fsx"]),
    ("visual basic", &["vb"]),
    ("clojure", &["clj", "cljs", "cljc"]),
    ("lua", &["lua"]),
    ("perl", &["pl", "pm"]),
    ("r", &["r"]),
    ("julia", &["jl"]),
    ("zig", &["zig"]),
    ("nim", &["nim"]),
    ("solidity", &["sol"]),
    ("shell", &["sh", "bash", "zsh", "fish"]),
    ("powershell", &["ps1", "psm1"]),
    ("sql", &["sql"]),
    ("protobuf", &["proto"]),
    ("graphql", &["graphql", "gql"]),
    ("vue", &["vue"]),
    ("svelte", &["svelte"]),
    ("css", &["css", "scss", "sass", "less"]),
    ("html", &["html", "htm", "erb", "hbs", "ejs", "jinja", "j2", "twig", "cshtml", "razor", "liquid"]),
    ("nushell", &["nu"]),
];

/// Extensions of settings, data and prose.
const OTHER: &[(&str, &[&str])] = &[
    ("markdown", &["md", "markdown", "mdx"]),
    ("restructuredtext", &["rst"]),
    ("asciidoc", &["adoc", "asciidoc"]),
    ("json", &["json", "jsonc", "json5"]),
    ("yaml", &["yml", "yaml"]),
    ("toml", &["toml"]),
    ("xml", &["xml", "csproj", "props", "targets", "resx", "fsproj", "vbproj"]),
    ("gradle", &["gradle"]),
    ("terraform", &["tf", "tfvars"]),
];

/// The language of a path, by its extension or name.
pub fn of(path: &str) -> Option<Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Rakefile" | "Gemfile" | "Guardfile" | "Vagrantfile" => return Some(Language { name: "ruby", is_code: true }),
        "Makefile" | "GNUmakefile" => return Some(Language { name: "make", is_code: false }),
        "Dockerfile" | "Containerfile" => return Some(Language { name: "dockerfile", is_code: false }),
        _ => {}
    }
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let find = |table: &'static [(&str, &[&str])], is_code| {
        let row = table.iter().find(|(_, extensions)| extensions.contains(&extension.as_str()))?;
        Some(Language { name: row.0, is_code })
    };
    find(CODE, true).or_else(|| find(OTHER, false))
}
