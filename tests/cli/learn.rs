//! Learning on small made-up repositories: cases from their past, then weights that find the changed file.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use super::run::planwright;

const NOUNS: [&str; 6] = ["cart", "order", "price", "rebate", "shipment", "invoice"];

/// Runs git in a folder.
fn git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_DATE", "1600000000 +0000"), ("GIT_COMMITTER_DATE", "1600000000 +0000")])
        .stdout(Stdio::null())
        .status()
        .expect("git runs");
    assert!(status.success(), "git {args:?}");
}

/// A repository with a file for each noun, each changed once by a commit that tells why.
fn repository(folder: &Path, shift: usize) {
    fs::create_dir_all(folder.join("src")).expect("made");
    git(folder, &["init", "-q", "-b", "main"]);
    for noun in NOUNS {
        let text = format!("/// The {noun} of a customer.\npub fn {noun}_total(cents: u32) -> u32 {{ cents }}\n");
        fs::write(folder.join(format!("src/{noun}.rs")), text).expect("written");
    }
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "Start"]);
    for (number, noun) in NOUNS.iter().cycle().skip(shift).take(NOUNS.len()).enumerate() {
        let text =
            format!("/// The {noun} of a customer.\npub fn {noun}_total(cents: u32) -> u32 {{ cents + {number} }}\n");
        fs::write(folder.join(format!("src/{noun}.rs")), text).expect("written");
        let told = format!(
            "Show the right {noun} total\n\nThe total of the {noun} is wrong when a customer comes back the day after. \
             What is shown then is the sum of yesterday, and nobody can tell where it comes from. The {noun} must be \
             counted anew.\n\nSigned-off-by: Ann <ann@example.org>"
        );
        git(folder, &["commit", "-qam", &told]);
    }
}

#[test]
fn cases_are_made_from_the_past_and_weights_learned_from_cases() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let mut cases = String::new();
    for (name, shift) in [("shop", 0), ("store", 2), ("market", 4)] {
        let repo = at.join(format!("repos/acme__{name}"));
        repository(&repo, shift);
        let args =
            ["learn", "cases", "--repo", &repo.to_string_lossy(), "--name", &format!("acme/{name}"), "--limit", "4"];
        let made = planwright(at, &args, "");
        assert_eq!((made.code, made.out.lines().count()), (0, 4), "{}{}", made.out, made.err);
        assert!(!made.out.contains("Signed-off-by"), "{}", made.out);
        cases.push_str(&made.out);
    }
    fs::write(at.join("cases.jsonl"), cases).expect("written");
    let args = ["learn", "weights", "--cases", "cases.jsonl", "--repos", "repos", "--out", "weights.toml"];
    let learned = planwright(at, &args, "");
    assert_eq!(learned.code, 0, "{}", learned.err);
    let weights = fs::read_to_string(at.join("weights.toml")).expect("the weights are written");
    assert!(
        weights.contains("from 12 changes of 3 repositories, symbols from 12 files of theirs (acme/market"),
        "{weights}"
    );
    assert!(learned.out.contains("| learned weights | 12 | 100.0 | 100.0 | 100.0 | 1.000 |"), "{}", learned.out);
    for part in ["reciprocal rank fusion", "## Reliability", "| acme/shop | 4 |", "## Symbols\n\n", "| 12 | "] {
        assert!(learned.out.contains(part), "{part} is missing in {}", learned.out);
    }
    let again = planwright(at, &args, "");
    assert_eq!(again.out, learned.out, "the same cases give the same figures");
    assert_eq!(fs::read_to_string(at.join("weights.toml")).expect("written again"), weights);
}

#[test]
fn cases_without_gold_teach_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = r#"{"id": "one", "repo": "acme/shop", "base_commit": "HEAD", "title": "Cart total", "body": "wrong"}"#;
    fs::write(folder.path().join("cases.jsonl"), case).expect("written");
    let args = ["learn", "weights", "--cases", "cases.jsonl", "--repos", ".", "--out", "weights.toml"];
    let ran = planwright(folder.path(), &args, "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("gold_modified"), "{}", ran.err);
    assert!(!folder.path().join("weights.toml").exists());
}
