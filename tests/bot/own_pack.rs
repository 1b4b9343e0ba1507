//! A repository that carries a pack of its own, with a section that no built-in pack has: used for its tickets by the
//! whole bot, without a line of configuration, and explained on the plan where it has a mistake.

use std::fs;

use super::harness::{MAINTAINER, TestBot, git};

/// A pack made of the parts of the built-in ones, with one section more.
const HOUSE: [(&str, &str); 3] = [
    (".planwright.toml", "template = \"house\"\n"),
    (
        ".planwright/templates/house/pack.toml",
        "title = \"House plan\"\ndescription = \"Steps and privacy\"\n\n[[sections]]\ntitle = \"Privacy\"\nquestion = \"Whose data is read?\"\n",
    ),
    (
        ".planwright/templates/house/plan.md.hbs",
        "## House plan: {{plan.head.ticket.title}}\n\n### Steps of ours\n\n{{> steps}}\n\n{{> foot}}\n",
    ),
];

/// Commits files to the shop's default branch.
fn push(bot: &TestBot, files: &[(&str, &str)]) {
    const AUTHOR: [&str; 2] = ["Mara Maintainer", "mara@shop.example"];
    let clone = tempfile::tempdir().expect("a temporary folder");
    let shop = bot.folder.path().join("shop.git");
    git(clone.path(), AUTHOR, &["clone", "--quiet", &shop.display().to_string(), "."]);
    for (path, text) in files {
        let path = clone.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    git(clone.path(), AUTHOR, &["add", "--all"]);
    git(clone.path(), AUTHOR, &["commit", "--quiet", "-m", "Plans of our own"]);
    git(clone.path(), AUTHOR, &["push", "--quiet", "origin", "HEAD"]);
}

#[tokio::test]
async fn a_repository_s_own_pack_with_a_section_more_is_posted_without_configuration() {
    let bot = TestBot::start().await;
    push(&bot, &HOUSE);
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let posted = bot.next_comment(&issue).await.text;
    assert!(posted.contains("## House plan: Cart total ignores the coupon\n\n### Steps of ours\n"), "{posted}");
    assert!(posted.contains("### Privacy\n\nNot answered by ticket and repository: Whose data is read?\n"), "{posted}");
    // who asks has the last word, for another pack and for the house's own
    bot.github().comment(&issue, "/plan story", MAINTAINER).await;
    let posted = bot.next_comment(&issue).await.text;
    assert!(!posted.contains("### Privacy"), "{posted}");
    bot.github().comment(&issue, "/plan house", MAINTAINER).await;
    let posted = bot.next_comment(&issue).await.text;
    assert!(posted.contains("### Privacy"), "{posted}");
    bot.finish().await;
}

#[tokio::test]
async fn a_mistake_in_a_repository_s_pack_costs_the_pack_and_is_told_with_its_place() {
    let bot = TestBot::start().await;
    push(&bot, &[HOUSE[0], HOUSE[1], (HOUSE[2].0, "## House plan\n\n{{plan.nothing}}\n")]);
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let posted = bot.next_comment(&issue).await.text.replace('\\', "");
    assert!(posted.contains("## Plan: Cart total ignores the coupon"), "the usual plan stands:\n{posted}");
    assert!(posted.contains(".planwright/templates/house/plan.md.hbs:3:1"), "and says where the mistake is:\n{posted}");
    bot.finish().await;
}
