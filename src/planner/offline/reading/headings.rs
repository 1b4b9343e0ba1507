//! Headings in their many wordings.

use super::sentence::sentences;

/// What stands under a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Free,
    Criteria,
    Requirements,
    NonFunctional,
    Expected,
    Actual,
    Reproduce,
    OutOfScope,
    Questions,
    /// Versions, machines, logs: facts about the reporter's side.
    Environment,
    /// Why it is asked for.
    Background,
    /// How the change was made, one commit a line.
    Log,
}

/// Wordings, lower case, without punctuation: English first, then the languages that trackers are often kept in.
const WORDINGS: &[(Role, &[&str])] = &[
    (Role::Free, &["summary", "description", "overview"]),
    (
        Role::Criteria,
        &[
            "acceptance criteria",
            "acceptance criterion",
            "acceptance",
            "acceptance tests",
            "ac",
            "acs",
            "a/c",
            "definition of done",
            "dod",
            "done when",
            "done means",
            "conditions of satisfaction",
            "success criteria",
            "exit criteria",
            "checklist",
            "tasks",
            "todo",
            "to do",
            "scenarios",
            "akzeptanzkriterien",
            "abnahmekriterien",
            "critères d'acceptation",
            "criterios de aceptación",
            "critérios de aceitação",
            "criteri di accettazione",
            "acceptatiecriteria",
            "kryteria akceptacji",
            "критерии приёмки",
            "критерии приемки",
            "受け入れ基準",
            "受け入れ条件",
            "验收标准",
        ],
    ),
    (
        Role::Requirements,
        &[
            "requirements",
            "requirement",
            "functional requirements",
            "what we need",
            "what is needed",
            "scope",
            "in scope",
            "proposal",
            "proposed solution",
            "suggested solution",
            "suggested behavior",
            "suggested behaviour",
            "proposed behavior",
            "proposed behaviour",
            "describe the feature you'd like",
            "what would you like",
            "solution",
            "the fix",
            "changes",
            "changes made",
            "proposed changes",
            "describe the solution you'd like",
            "desired behavior",
            "desired behaviour",
            "goals",
            "goal",
            "must have",
            "modification",
            "modifications",
            "anforderungen",
            "exigences",
            "requisitos",
            "vereisten",
            "требования",
            "要件",
            "需求",
        ],
    ),
    (
        Role::NonFunctional,
        &[
            "non-functional requirements",
            "non functional requirements",
            "nonfunctional requirements",
            "nfr",
            "nfrs",
            "quality attributes",
            "constraints",
            "performance requirements",
            "security requirements",
            "nichtfunktionale anforderungen",
        ],
    ),
    (
        Role::Expected,
        &[
            "expected",
            "expected behavior",
            "expected behaviour",
            "expected result",
            "expected results",
            "expected outcome",
            "what i expected",
            "what did you expect",
            "what you expected to happen",
            "what did you expect to happen",
            "what should happen",
            "what i expected to happen",
            "erwartetes verhalten",
            "erwartetes ergebnis",
            "erwartet",
            "comportement attendu",
            "résultat attendu",
            "comportamiento esperado",
            "comportamento esperado",
            "verwacht gedrag",
            "ожидаемое поведение",
            "期待する動作",
            "期待される動作",
            "预期行为",
        ],
    ),
    (
        Role::Actual,
        &[
            "actual",
            "actual behavior",
            "actual behaviour",
            "actual result",
            "actual results",
            "actual outcome",
            "current behavior",
            "current behaviour",
            "observed",
            "observed behavior",
            "observed behaviour",
            "what happened",
            "what happens",
            "what happens instead",
            "what actually happened",
            "describe the bug",
            "the problem",
            "problem",
            "bug description",
            "issue description",
            "what is the issue you are experiencing",
            "what went wrong",
            "tatsächliches verhalten",
            "aktuelles verhalten",
            "tatsächlich",
            "comportement actuel",
            "comportamiento actual",
            "comportamento atual",
            "huidig gedrag",
            "фактическое поведение",
            "実際の動作",
            "实际行为",
        ],
    ),
    (
        Role::Reproduce,
        &[
            "steps to reproduce",
            "to reproduce",
            "reproduction",
            "reproduction steps",
            "repro steps",
            "repro",
            "how to reproduce",
            "how can we reproduce it",
            "minimal reproduction",
            "minimal example",
            "schritte zum reproduzieren",
            "reproduktion",
            "étapes pour reproduire",
            "pasos para reproducir",
            "passos para reproduzir",
            "шаги воспроизведения",
            "再現手順",
            "复现步骤",
        ],
    ),
    (
        Role::OutOfScope,
        &[
            "out of scope",
            "not in scope",
            "non-goals",
            "non goals",
            "nongoals",
            "won't do",
            "not included",
            "not now",
            "not yet",
            "for later",
            "nicht im umfang",
            "nicht jetzt",
            "hors périmètre",
            "fuera de alcance",
            "fora de escopo",
            "対象外",
        ],
    ),
    (
        Role::Questions,
        &["questions", "open questions", "unknowns", "to clarify", "to be decided", "tbd", "offene fragen", "未決事項"],
    ),
    (
        Role::Environment,
        &[
            "environment",
            "version",
            "versions",
            "your environment",
            "system info",
            "system information",
            "additional context",
            "logs",
            "log",
            "log output",
            "screenshots",
            // What forms ask of who files a ticket.
            "additional information",
            "alternatives",
            "alternatives considered",
            "anything else",
            "checklist before submitting",
            "deployment",
            "describe alternatives you've considered",
            "first check",
            "installation method",
            "pre-submission checklist",
            "prerequisites",
            "which version are you using",
            "who would use this",
            // What templates of pull requests ask of who sends one.
            "tests + formatting",
            "tests and formatting",
            "after submitting",
            "before submitting",
            "pr checklist",
            "pull request checklist",
            "type of change",
            "types of changes",
            "how has this been tested",
            "how was this tested",
            // What tools for reviews and commits write below a message.
            "acked-by",
            "author",
            "blame rev",
            "change-id",
            "co-authored-by",
            "differential revision",
            "piperorigin-revid",
            "reported-by",
            "reviewed by",
            "reviewed-by",
            "reviewers",
            "revert plan",
            "signed-off-by",
            "subscribers",
            "task id",
            "test plan",
            "tested-by",
            "umgebung",
            "environnement",
            "entorno",
            "環境",
        ],
    ),
    (
        Role::Background,
        &[
            "motivation",
            "background",
            "rationale",
            "context",
            "business value",
            "problem statement",
            "problem or use case",
            "problem statement / use case",
            "use case",
            "why",
            "why this would help",
            "benefits",
            "what problem does this feature solve",
            "what problem does this solve",
            "is your proposal related to a problem",
            "is your feature request related to a problem",
            "is your feature request related to a problem? please describe",
            "hintergrund",
            "contexte",
            "背景",
        ],
    ),
];

/// The role of a heading's text, where its wording is known.
pub fn role(heading: &str) -> Option<Role> {
    let plain = normal(heading);
    if plain.is_empty() || plain.chars().count() > 60 {
        return None;
    }
    let known = WORDINGS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(role, _)| *role);
    // “Shop version”, “Browser version”.
    known.or((plain.ends_with(" version") && plain.split(' ').count() <= 3).then_some(Role::Environment))
}

/// Is the heading one of a form for new features: “Feature summary”, “What problem does this feature solve?”
pub fn is_of_feature(heading: &str) -> bool {
    let plain = normal(heading);
    plain.split(' ').any(|word| word == "feature") && plain.split(' ').count() <= 7
}

/// Does the heading say what comes of a change: “Result” below “Modification”? Elsewhere a result may be what is wrong.
pub fn is_result(heading: &str) -> bool {
    ["result", "results"].contains(&normal(heading).as_str())
}

/// Does the heading stand above what was changed?
pub fn is_modification(heading: &str) -> bool {
    ["modification", "modifications"].contains(&normal(heading).as_str())
}

/// Splits `Expected: 18.00` into its role and the rest; the rest is empty for a bare label.
pub fn label(line: &str) -> Option<(Role, &str)> {
    let (at, colon) = line.char_indices().take(64).find(|(_, c)| matches!(c, ':' | '：'))?;
    let role = role(&line[..at])?;
    Some((role, line[at + colon.len_utf8()..].trim_start_matches([' ', '*', '_'])))
}

/// The parts of a line, each from a sentence that begins with a label to the next: `Expected: 18. Actual: 16.` has two.
/// What stands before the first label is a part of its own.
pub fn labelled(line: &str) -> Vec<&str> {
    let is_behaviour = |text: &str| {
        label(text).is_some_and(|(role, rest)| {
            !rest.is_empty() && matches!(role, Role::Expected | Role::Actual | Role::Reproduce)
        })
    };
    let mut starts = vec![0];
    for sentence in sentences(line).skip(1) {
        let at = sentence.as_ptr() as usize - line.as_ptr() as usize;
        if is_behaviour(sentence) {
            starts.push(at);
        }
    }
    starts.push(line.len());
    starts.windows(2).map(|pair| line[pair[0]..pair[1]].trim()).filter(|part| !part.is_empty()).collect()
}

/// Lower case, without the marks, numbers and brackets that people put around headings.
fn normal(heading: &str) -> String {
    let lower = heading.to_lowercase().replace('’', "'");
    let without_note = lower.split(['(', '[', '（']).next().unwrap_or_default();
    without_note.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_are_known_in_all_their_dress() {
        let check = |heading: &str, expected: Option<Role>| assert_eq!(role(heading), expected, "{heading}");
        check("## ✅ Acceptance Criteria:", Some(Role::Criteria));
        check("3. Steps to reproduce", Some(Role::Reproduce));
        check("Expected behaviour (optional)", Some(Role::Expected));
        check("Akzeptanzkriterien", Some(Role::Criteria));
        check("What did you expect?", Some(Role::Expected));
        check("Acceptance of new members", None);
        check("", None);
    }

    #[test]
    fn labels_split_at_their_colon() {
        assert_eq!(label("Expected: 18.00"), Some((Role::Expected, "18.00")));
        assert_eq!(label("AC:"), Some((Role::Criteria, "")));
        assert_eq!(label("Note: expected"), None);
    }

    #[test]
    fn labels_in_one_line_are_told_apart() {
        let check = |line: &str, expected: &[&str]| assert_eq!(labelled(line), expected);
        check("Expected: `Name [x]:`. Actual: `Name [y]:`", &["Expected: `Name [x]:`.", "Actual: `Name [y]:`"]);
        check("It fails. Expected: 18. Actual: 16.", &["It fails.", "Expected: 18.", "Actual: 16."]);
        check("Expected: 18, and then more. Note: see below", &["Expected: 18, and then more. Note: see below"]);
    }
}
