//! Risks of this change, each by a rule from evidence and with what to do about it.
//!
//! In: the [`Survey`] and the files of the finished steps. Out: the risks, those of the plan's focus first. A rule that
//! finds nothing says nothing.

mod history;
mod outside;
mod reach;
mod stored;
mod variants;

use super::{
    super::{Survey, work::listed::Listed},
    overview,
};
use crate::model::{
    job::Focus,
    plan::{Level, Risk, RiskKind, Statement},
};

/// The most risks of a plan.
const MOST: usize = 7;

/// The risks: those of the plan's focus first, then the gravest.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Risk> {
    let mut out = Vec::new();
    let mut add = |of: Focus, risks: Vec<Risk>| out.extend(risks.into_iter().map(|r| (of, r)));
    add(Focus::Reliability, history::reverted(survey, listed));
    add(Focus::Reliability, stored::migrated(survey).into_iter().collect());
    add(Focus::Reliability, stored::unknown_value(survey).into_iter().collect());
    add(Focus::Reliability, stored::constrained(survey).into_iter().collect());
    add(Focus::Security, outside::guarding(survey).into_iter().collect());
    add(Focus::Security, outside::locked_out(survey).into_iter().collect());
    add(Focus::Reliability, reach::released(survey).into_iter().collect());
    add(Focus::Reliability, outside::answered(survey).into_iter().collect());
    add(Focus::Reliability, outside::switched_on(survey).into_iter().collect());
    add(Focus::Reliability, outside::deprecated(survey).into_iter().collect());
    add(Focus::Reliability, outside::sent(survey).into_iter().collect());
    add(Focus::Reliability, outside::called_in_turn(survey).into_iter().collect());
    add(Focus::Reliability, reach::dropped(survey).into_iter().collect());
    add(Focus::Performance, reach::looped(survey).into_iter().collect());
    add(Focus::Reliability, reach::one_season(survey).into_iter().collect());
    add(Focus::Simplicity, reach::many_users(survey));
    add(Focus::Reliability, reach::untested(survey).into_iter().collect());
    add(Focus::Reliability, variants::unchanged(survey, listed).into_iter().collect());
    add(Focus::Simplicity, history::companions(survey, listed).into_iter().collect());
    let focus = overview::focus(survey).0;
    let weight = |(of, r): &(Focus, Risk)| (Some(*of) == focus, r.impact, r.likelihood);
    out.sort_by_key(|risk| std::cmp::Reverse(weight(risk)));
    out.into_iter().map(|(_, risk)| risk).take(MOST).collect()
}

/// A technical risk.
fn risk(risk: Statement, likelihood: Level, impact: Level, mitigation: String) -> Risk {
    let mitigation = Statement::new(risk.basis, mitigation);
    Risk { kind: RiskKind::Technical, risk, likelihood, impact, mitigation }
}
