//! The command grammar.

use planwright::{
    model::job::{Depth, Focus, PlanOptions},
    trigger::{
        Command, Said,
        comment::{MAX_COMMENT, commands},
        grammar,
    },
};
use proptest::prelude::*;

use super::rules;

/// What a comment says, in one line: its commands as printed, or what is wrong.
fn said(comment: &str) -> String {
    let show = |said: Said| match said {
        Said::Command(command) => command.print("/plan"),
        Said::Wrong { problem, nearest } => format!("{problem} → {}", nearest.unwrap_or_default()),
    };
    commands(comment, &rules()).into_iter().map(show).collect::<Vec<_>>().join(" ; ")
}

#[track_caller]
fn check(comment: &str, expected: &str) {
    assert_eq!(said(comment), expected, "{comment:?}");
}

#[test]
fn right_commands_are_read() {
    check("/plan", "/plan");
    check("/PLAN", "/plan");
    check("  /plan  ", "/plan");
    check("Thanks!\n/plan", "/plan");
    check("Thanks!\r\n/plan\r\nplease", "/plan");
    check("Thanks!\r/plan", "/plan");
    check("/plan architecture", "/plan architecture");
    check("/plan Architecture", "/plan architecture");
    check("/plan --focus security --depth brief --repo shop", "/plan --focus security --depth brief --repo shop");
    check("/plan --depth=FULL story --FOCUS=cost", "/plan story --focus cost --depth full");
    check("/plan --repo acme/shop.js_2", "/plan --repo acme/shop.js_2");
    check("/plan —focus security", "/plan --focus security");
    check("/plan status", "/plan status");
    check("/plan Cancel", "/plan cancel");
    check("/plan help", "/plan help");
    check("/plan --help", "/plan help");
    check("/plan revise use `foo` and **not** bar", "/plan revise use foo and not bar");
    check("/plan revise one\ntwo\n\nthree", "/plan revise one\ntwo");
    check("/plan\n\n/plan status", "/plan ; /plan status");
    check("/plan revise a\n/plan help", "/plan revise a ; /plan help");
}

#[test]
fn an_unknown_name_is_left_to_the_tickets_repository() {
    check("/plan our-own", "/plan our-own");
    check("/plan rfc_2 --depth brief", "/plan rfc_2 --depth brief");
    check("/plan our-own story", "“our-own” is neither a template nor a command → ");
    check("/plan ../x", "“../x” is neither a template nor a command → ");
}

#[test]
fn unusual_characters_do_not_hide_a_command() {
    check("\u{a0}/plan\u{a0}architecture", "/plan architecture");
    check("\u{200b}\u{feff}/plan status", "/plan status");
    check("\u{202e}/plan", "/plan");
    check("／ｐｌａｎ ｓｔａｔｕｓ", "/plan status");
    check("/plan\u{3000}help", "/plan help");
    check("/plan\tstatus", "/plan status");
}

#[test]
fn other_places_hold_no_command() {
    for comment in [
        "",
        "/planning",
        "/plan-b",
        "/plan/x",
        "see /plan",
        "x/plan",
        "/ plan",
        "/pl\u{2060}an",
        "/\u{2060}plan",
        "> /plan",
        "> a\n/plan",
        "```\n/plan\n```",
        "~~~\n/plan",
        "    /plan",
        "`/plan`",
        "**/plan**",
        "- /plan",
        "1. /plan",
        "# /plan",
        "| /plan |\n| --- |",
        "<!-- /plan -->",
        "<!--\n/plan\n-->",
        "[/plan](https://a.b)",
        "<details>\n\n/plan\n\n</details>",
        "<details>\n/plan\n</details>",
        "<pre>\n/plan\n</pre>",
        "<blockquote>\n/plan\n</blockquote>",
        "<blockquote>\n\n/plan\n\n</blockquote>",
        "> **Planwright** wrote:\n> /plan\n> more",
    ] {
        check(comment, "");
    }
}

#[test]
fn wrong_commands_name_the_nearest_right_one() {
    check("/plan architectre", "“architectre” is neither a template nor a command → /plan architecture");
    check("/plan stauts", "“stauts” is neither a template nor a command → /plan status");
    check("/plan revize x", "“revize” is neither a template nor a command → /plan revise TEXT");
    check("/plan the party", "“the” is neither a template nor a command → ");
    check("/plan revise", "after “revise” say what should be different → /plan revise TEXT");
    check("/plan status now", "nothing may follow “/plan status” → /plan status");
    check("/plan --fokus security", "there is no option “--fokus” → /plan --focus security");
    check("/plan --color red", "there is no option “--color” → ");
    check("/plan --focus", "“--focus” needs a value → /plan --focus security");
    check("/plan --focus --depth full", "“--focus” needs a value → /plan --focus security");
    check(
        "/plan --focus securty",
        "“--focus” takes performance, security, reliability, simplicity, cost, not “securty” → /plan --focus security",
    );
    check("/plan --depth brief --depth full", "“--depth” stands there twice → /plan --depth brief");
    check("/plan --repo ../etc;rm", "“../etc;rm” cannot be the name of a repository → /plan --repo shop");
    check("/plan story spec", "a plan has one template, not “story” and “spec” → /plan story");
}

#[test]
fn a_wrong_word_is_repeated_only_in_part() {
    let problem = said(&format!("/plan {}", "x".repeat(5_000)));
    assert_eq!(problem, format!("“{}…” is neither a template nor a command → ", "x".repeat(40)));
}

#[test]
fn a_command_beyond_the_limit_is_not_read() {
    let long = "a\n".repeat(MAX_COMMENT / 2);
    check(&format!("{long}/plan"), "");
    check(&format!("/plan\n\n{long}"), "/plan");
}

/// Any request for a plan that a person can write.
fn command() -> impl Strategy<Value = Command> {
    let options = (
        prop::option::of(prop::sample::select(rules().templates)),
        prop::option::of(prop::sample::select(vec![Focus::Performance, Focus::Security, Focus::Cost])),
        prop::option::of(prop::sample::select(vec![Depth::Brief, Depth::Normal, Depth::Full])),
        prop::option::of("[a-z0-9._/]{1,20}"),
    )
        .prop_map(|(template, focus, depth, repository)| PlanOptions {
            template,
            focus,
            depth,
            repository,
            revise: None,
        });
    prop_oneof![
        options.prop_map(Command::Plan),
        "[a-zA-Z0-9]([^\\p{C}]{0,60}[a-z])?"
            .prop_map(|text| Command::Plan(PlanOptions { revise: Some(text), ..PlanOptions::default() })),
        Just(Command::Status),
        Just(Command::Cancel),
        Just(Command::Help),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_command_reads_back(command in command()) {
        let printed = command.print("/plan");
        prop_assert_eq!(grammar::read(&printed["/plan".len()..], &rules()), Said::Command(command));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}", tail in any::<String>()) {
        commands(&format!("/plan {text}\n{tail}"), &rules());
        commands(&format!("{tail}\n/plan {tail}"), &rules());
    }
}

#[test]
fn adversarial_comments_are_read_quickly() {
    let nested: String = (0..400).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    for text in
        ["[", "<", "`", "> ", "/plan\n", "/plan --", "\\", "*", "| "].map(|piece| piece.repeat((1 << 20) / piece.len()))
    {
        let started = std::time::Instant::now();
        commands(&text, &rules());
        assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}: {:?}", &text[..8], started.elapsed());
    }
    assert_eq!(commands(&nested, &rules()), []);
}
