//! A line of a CI step as people can run it themselves.
//!
//! In: the line as the workflow says it. Out: the same command without what only CI knows, or nothing where too little
//! would be left. Runs nothing, and expands nothing.

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 200;

/// First words of lines that steer a shell or prepare a machine.
const SHELL: &[&str] = &[
    "if", "for", "while", "case", "fi", "done", "then", "else", "echo", "export", "cd", "set", "curl", "sudo", "git",
    "mkdir", "rm", "source", "exit",
];

/// Options that take no value, and without which a command does something else.
const FLAGS: &[&str] = &[
    "--all",
    "--check",
    "-check",
    "--ci",
    "--diff",
    "--dry-run",
    "--frozen",
    "--locked",
    "--offline",
    "--release",
    "--verify",
    "--workspace",
];

/// The command of a step's line. Arguments that stand for a value of CI go, with the option that takes them; lines
/// whose other words hold such a value, whose quotes do not close, or that go on in the next line are none.
pub fn runnable(line: &str) -> Option<String> {
    let line = unquoted(line.trim());
    let starts = line.starts_with(|c: char| c.is_alphanumeric() || c == '.');
    if !starts || line.len() > MAX_LINE || line.contains("$(") || line.contains('`') || line.ends_with('\\') {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    for word in words(line)? {
        if !word.contains('$') {
            kept.push(word);
        } else if is_value(word) {
            // `--target "$TARGET"`: the option means nothing without its value.
            let takes = |option: &&str| {
                option.starts_with('-') && *option != "--" && !option.contains('=') && !FLAGS.contains(option)
            };
            // A job chooses its environment by a value of its own: without it, all of them run.
            let chooses = kept.last().is_some_and(|option| matches!(*option, "-e" | "--session" | "-s"));
            if chooses && (word.contains("env.") || word.contains("matrix.")) {
                return None;
            }
            if kept.last().is_some_and(takes) {
                kept.pop();
            }
        } else if !is_option_with_value(word) {
            return None;
        }
    }
    if kept.last() == Some(&"--") {
        kept.pop();
    }
    let first = kept.first()?;
    (!SHELL.contains(first)).then(|| kept.join(" "))
}

/// A scalar of YAML without the quotes around the whole of it.
pub fn unquoted(line: &str) -> &str {
    let inner = |quote: char| {
        let inner = line.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    };
    inner('"').or_else(|| inner('\'')).unwrap_or(line)
}

/// The words of a line; quotes and `${{ … }}` hold a word together. `None` where one is not closed.
fn words(line: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut braces) = (None, None, 0_usize);
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, _) if c.is_whitespace() && braces == 0 => {
                words.extend(start.take().map(|from| &line[from..at]));
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    words.extend(start.map(|from| &line[from..]));
    (quote.is_none() && braces == 0).then_some(words)
}

/// Is the whole word one value of CI: `$X`, `"${X}"`, `${{ x }}`, `+${{ x }}`?
fn is_value(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']).trim_start_matches('+');
    match word.strip_prefix("${") {
        Some(rest) => rest.ends_with('}') && !rest.contains('$'),
        None => word.strip_prefix('$').is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')),
    }
}

/// `--target="$X"`.
fn is_option_with_value(word: &str) -> bool {
    word.starts_with("--") && word.split_once('=').is_some_and(|(name, value)| !name.contains('$') && is_value(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_ci_knows_is_left_out() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(runnable(line).as_deref(), expected, "{line}");
        check("cargo test --locked", Some("cargo test --locked"));
        check("\"npm test\"", Some("npm test"));
        check("cargo test --locked \"${MSRV_FEATURES}\"", Some("cargo test --locked"));
        check("ng-dev format changed --check ${{ github.base }}", Some("ng-dev format changed --check"));
        // Nothing tells other flags from options that take a value.
        check("cargo test --lib \"${MSRV_FEATURES}\"", Some("cargo test"));
        check("cargo test --target ${{ matrix.target }} --locked", Some("cargo test --locked"));
        check("cargo +${{ matrix.rust }} test", Some("cargo test"));
        check("cargo build --target=\"$TARGET\" --release", Some("cargo build --release"));
        check("python -m tox -e ${{ matrix.tox || format('py{0}', matrix.python) }}", None);
        check("tox run -e ${{ env.TOXENV }} --notest", None);
        check("pytest -k \"not slow\"", Some("pytest -k \"not slow\""));
        check("cargo clippy -- $FLAGS", Some("cargo clippy"));
        check("$BUILD_CMD test --locked", None);
        check("pytest \"$DIR/unit\"", None);
        check("pytest \"unclosed", None);
        check("make $(nproc)", None);
        check("if cargo test; then", None);
        check("echo cargo test", None);
        check("cargo test \\", None);
        check("${{ matrix.x }} test", None);
    }
}
