//! The words of help and of wrong answers.

use planwright::{
    richtext::markdown,
    trigger::{
        Said,
        comment::commands,
        grammar::{FORMS, OPTIONS},
        help, wrong_text,
    },
};

use super::rules;

#[test]
fn help_reads_like_this() {
    insta::assert_snapshot!(markdown::write(&help(&rules())));
}

#[test]
fn help_names_every_form_option_value_and_template() {
    let text = markdown::write(&help(&rules()));
    for form in FORMS {
        assert!(text.contains(format!("`/plan {}", form.usage).trim_end()), "{}", form.usage);
        assert!(text.contains(form.about), "{}", form.about);
    }
    for option in OPTIONS {
        assert!(text.contains(&format!("`/plan --{} {}`", option.name, option.value)), "{}", option.name);
        assert!(option.values.iter().all(|value| text.contains(value)), "{}", option.name);
    }
    assert!(rules().templates.iter().all(|name| text.contains(&format!("`{name}`"))));
}

#[test]
fn every_example_is_a_right_command() {
    let examples = FORMS.iter().map(|form| form.example).chain(OPTIONS.iter().map(|option| option.example));
    for example in examples {
        match &commands(&format!("/plan {example}"), &rules())[..] {
            [Said::Command(_)] => {}
            other => panic!("{example}: {other:?}"),
        }
    }
}

#[test]
fn a_wrong_command_is_answered_in_a_friendly_way() {
    let said = commands("/plan architectre", &rules());
    let [Said::Wrong { problem, nearest }] = &said[..] else { panic!("{said:?}") };
    insta::assert_snapshot!(markdown::write(&wrong_text(problem, nearest.as_deref(), &rules())));
}

#[test]
fn a_stranger_s_word_stays_text() {
    let said = commands("/plan \\<img/src=x>@org/team`", &rules());
    let [Said::Wrong { problem, nearest }] = &said[..] else { panic!("{said:?}") };
    let answer = markdown::write(&wrong_text(problem, nearest.as_deref(), &rules()));
    assert!(answer.contains(r"\<img/src=x>"), "{answer}");
}
