//! What shows that a step is done: a test that runs what the step changes, else the whole suite where one of its tests
//! does, else what compiles or reads it.
//!
//! In: the [`Survey`], a group and the groups of the steps before. Out: commands. A test file that a later step makes is
//! never run, nor one that does not run the step's file.

use super::{
    super::{
        Survey,
        code::{layer::Layer, path::ending, reach},
        places::{
            near,
            site::Site,
            todo::{Act, Todo},
        },
    },
    commands::Commands,
    group::Group,
};
use crate::model::{
    context::{NearTest, Symbol, SymbolKind},
    plan::{Action, Command},
};

/// The commands that end the step of a group.
pub fn of(survey: &Survey<'_, '_>, group: &Group<'_, '_>, before: &[usize]) -> Vec<Command> {
    let lead = group.lead();
    // What may stay as it is, or is only looked at with no test near, leaves nothing that a command could show.
    if survey.is_doubtful(group) || survey.is_guess(group) && survey.tests_of(group).is_empty() {
        return Vec::new();
    }
    let commands = Commands::of(lead.context, lead.repository.clone());
    let mut out: Vec<Command> = Vec::new();
    if !group.is_on_the_way() {
        let runs = |test: &NearTest| {
            let covers = test.covers.as_deref() == Some(lead.path.as_str()) && reach::is_autoloaded(&lead.path);
            !lead.is_code() || covers || reach::reaches(lead.context, &test.path, &lead.path)
        };
        let near = survey.tests_of(group).into_iter().filter(|(_, test)| runs(test));
        out.extend(near.filter_map(|(_, test)| commands.one_test(&test.path)));
    }
    out.extend(survey.new_tests_of(group).iter().filter_map(|site| commands.one_test(&site.path)));
    if out.is_empty() && lead.is_code() && !group.is_on_the_way() {
        // All tests of a folder test its package of Go.
        out.extend(near::neighbour(lead.context, &lead.path).and_then(|test| commands.one_test(test)));
    }
    if out.is_empty() && lead.is_code() && group.layer != Layer::Migration {
        out.extend(made_before(survey, lead, before).and_then(|test| commands.one_test(&test.path)));
    }
    if group.layer == Layer::Migration && lead.action == Action::Create {
        out.extend(commands.migration());
    }
    // What is declared is shown by the migration that is made from it.
    if out.is_empty() && (lead.is_code() || group.is_raise()) && !group.declares_table() {
        let has_tests = !survey.tests_of(group).is_empty();
        out.extend(whole(lead, group, &commands, has_tests));
    }
    if changes_types(group) && !out.is_empty() && out.iter().all(|command| strips_types(&command.line)) {
        out.extend(commands.types(&lead.path));
    }
    let mut seen: Vec<String> = Vec::new();
    out.retain(|command| {
        let is_new = !seen.contains(&command.line);
        seen.push(command.line.clone());
        is_new
    });
    out
}

/// Does the group change what TypeScript's compiler alone looks at: a type, a field, a parameter or a flag that goes?
fn changes_types(group: &Group<'_, '_>) -> bool {
    use SymbolKind::{Enum, Interface, Type};
    let is_typed = |s: &&&Site<'_>| matches!(ending(&s.path), "ts" | "tsx" | "mts" | "cts");
    let is_type = |s: &Symbol| matches!(s.kind, Interface | Type | Enum);
    let is_of_types = |t: &Todo| matches!(t.act, Act::Field(_)) || t.removes().is_some();
    let mut typed = group.sites.iter().filter(is_typed);
    typed.any(|s| s.symbols.iter().any(is_type) || s.todo.iter().any(is_of_types))
}

/// Does the command run TypeScript with its types taken out, unchecked?
fn strips_types(line: &str) -> bool {
    const RUNNERS: &[&str] = &["vitest", "tsx", "bun", "node", "swc-node"];
    line.split([' ', '/']).any(|word| RUNNERS.contains(&word))
}

/// The test file of an earlier step that runs the site.
fn made_before<'s, 'c>(survey: &Survey<'s, 'c>, site: &Site<'_>, before: &[usize]) -> Option<&'s Site<'c>> {
    let made = before.iter().filter_map(|at| survey.groups.get(*at)).flat_map(|g| survey.new_tests_of(g));
    made.into_iter().find(|test| reach::is_run_by_new(test, site))
}

/// The suite where a test runs the file; else what compiles or reads it, else the suite all the same.
fn whole(lead: &Site<'_>, group: &Group<'_, '_>, commands: &Commands<'_>, has_tests: bool) -> Option<Command> {
    let suite = || commands.tests(&lead.path).or_else(|| commands.suite());
    if has_tests || group.is_raise() || group.layer == Layer::Migration || reach::is_reached(lead.context, &lead.path) {
        return suite();
    }
    commands.check(&lead.path).or_else(suite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_runners_of_typescript_check_no_types() {
        for (line, expected) in [
            ("npx vitest run test/cart.test.ts", true),
            ("node --test test/cart.ts", true),
            ("npx jest test/cart.test.ts", false),
            ("npm run typecheck", false),
        ] {
            assert_eq!(strips_types(line), expected, "{line}");
        }
    }
}
