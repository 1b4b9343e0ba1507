//! A user's own pack with a section of its own: asked of a model, shown where it is answered, honest where it is not.

use std::fs;

use planwright::{
    model::plan::{Basis, Draft, ExtraSection, Statement},
    planner::verify::verify,
    templates::Packs,
};

use crate::planner::world::{plan, ticket};

/// A pack made like the built-in one, with a section more.
fn packs() -> (tempfile::TempDir, Packs) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("legal");
    fs::create_dir(&folder).expect("a folder");
    let manifest = "title = \"Legal\"\ndescription = \"d\"\n[[sections]]\ntitle = \"Privacy\"\nquestion = \"Whose data is read?\"\n";
    fs::write(folder.join("pack.toml"), manifest).expect("a file");
    fs::write(folder.join("plan.md.hbs"), "{{> head}}\n\n{{> steps}}\n\n{{> foot}}\n").expect("a file");
    let packs = Packs::load(&[dir.path().to_owned()]).map_err(|p| format!("{p:?}")).expect("it holds");
    (dir, packs)
}

#[test]
fn an_answer_stands_under_its_title() {
    let (_dir, packs) = packs();
    let ticket = ticket("Totals", "");
    let mut draft = Draft::default();
    let statements = vec![Statement::new(Basis::Model, "The total of every customer")];
    draft.sections.extra = vec![ExtraSection { title: "Privacy".to_owned(), statements }];
    let document = packs.render("legal", &verify(draft, &[], &ticket), &ticket).expect("it renders");
    assert!(document.contains("### Privacy\n\n- The total of every customer\n"), "{document}");
}

#[test]
fn a_question_without_an_answer_is_shown_as_one() {
    let (_dir, packs) = packs();
    let ticket = ticket("Totals", "");
    let document = packs.render("legal", &plan(&ticket, &[]), &ticket).expect("it renders");
    assert!(
        document.contains("### Privacy\n\nNot answered by ticket and repository: Whose data is read?\n"),
        "{document}"
    );
}
