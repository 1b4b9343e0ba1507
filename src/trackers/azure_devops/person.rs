//! People and programs, as Azure DevOps names them: `"Name <mail>"`, a bare name, or an object.
//!
//! In: an identity of a payload or an answer. Out: an [`Actor`] whose id is the identity's own where one is given, else
//! the account's name. One person may be claimed in one form and read back in another: [`Person::is`] compares.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::event::Actor;

/// How descriptors of programs begin: service principals, build services, services of the system.
/// <https://learn.microsoft.com/rest/api/azure/devops/graph/> (subject types)
const PROGRAMS: [&str; 4] = ["aadsp.", "svc.", "s2s.", "sys."];

/// An identity as an object.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) display_name: Option<Cow<'a, str>>,
    /// `Name <mail>`, in lists of updates.
    #[serde(borrow, default)]
    pub(super) name: Option<Cow<'a, str>>,
    /// The account: a mail address, or `DOMAIN\user` on a server.
    #[serde(borrow, default)]
    pub(super) unique_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) descriptor: Option<Cow<'a, str>>,
}

impl<'a> Person<'a> {
    /// Reads `Name <account>` or a bare name.
    pub(super) fn from_text(text: Cow<'a, str>) -> Self {
        match split(&text) {
            Some((name, account)) => Self {
                display_name: Some(Cow::Owned(name.to_owned())),
                unique_name: Some(Cow::Owned(account.to_owned())),
                ..Self::default()
            },
            None => Self { display_name: Some(text), ..Self::default() },
        }
    }

    /// The identity in the common vocabulary; `None` where nobody is named.
    pub(super) fn actor(&self) -> Option<Actor> {
        let (named, account) = match self.name.as_deref().map(|name| (name, split(name))) {
            Some((_, Some((name, account)))) => (Some(name), Some(account)),
            Some((name, None)) => (Some(name), None),
            None => (None, None),
        };
        let filled = |text: Option<&'_ str>| text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
        let name = filled(self.display_name.as_deref()).or_else(|| filled(named));
        let account = filled(self.unique_name.as_deref()).or_else(|| filled(account));
        let id = filled(self.id.as_deref()).or_else(|| account.clone()).or_else(|| name.clone())?;
        let name = name.or(account).unwrap_or_else(|| id.clone());
        Some(Actor { id, name, is_bot: self.is_program() })
    }

    /// Is this the identity that is called so: by its id, its account, its descriptor, or (where a delivery gave no
    /// more) its name?
    pub(super) fn is(&self, called: &str) -> bool {
        let in_name = self.name.as_deref().and_then(split).map(|(_, account)| account);
        let forms = [
            self.id.as_deref(),
            self.unique_name.as_deref(),
            self.descriptor.as_deref(),
            self.display_name.as_deref(),
            in_name,
        ];
        let called = called.to_lowercase();
        forms.into_iter().flatten().any(|form| form.to_lowercase() == called)
    }

    /// Does the tracker say that it is a program?
    fn is_program(&self) -> bool {
        let descriptor = self.descriptor.as_deref().unwrap_or_default();
        PROGRAMS.iter().any(|program| descriptor.starts_with(program))
    }
}

/// `Name <account>` in its two parts.
fn split(text: &str) -> Option<(&str, &str)> {
    let (name, account) = text.trim_end().strip_suffix('>')?.rsplit_once('<')?;
    let (name, account) = (name.trim(), account.trim());
    (!name.is_empty() && !account.is_empty()).then_some((name, account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_names_somebody() {
        let check = |text: &str, id: &str, name: &str| {
            let actor = Person::from_text(text.into()).actor().expect("somebody");
            assert_eq!((actor.id.as_str(), actor.name.as_str()), (id, name), "{text:?}");
        };
        check("Mira Lund <mira@acme.test>", "mira@acme.test", "Mira Lund");
        check("Mira Lund", "Mira Lund", "Mira Lund");
        check(r"Mira <Lund> <ACME\mira>", r"ACME\mira", "Mira <Lund>");
        check("<mira@acme.test>", "<mira@acme.test>", "<mira@acme.test>");
        assert_eq!(Person::from_text("".into()).actor(), None);
        assert_eq!(Person::from_text(" ".into()).actor(), None);
    }

    #[test]
    fn one_person_is_known_in_every_form() {
        let mira = Person {
            id: Some("D291B0C4-A05C-4EA6-8DF1-4B41D5F39EFF".into()),
            display_name: Some("Mira Lund".into()),
            unique_name: Some("mira@acme.test".into()),
            ..Person::default()
        };
        for called in ["d291b0c4-a05c-4ea6-8df1-4b41d5f39eff", "Mira@acme.test", "mira lund"] {
            assert!(mira.is(called), "{called}");
        }
        assert!(!mira.is("tove@acme.test"));
        assert!(!mira.is(""));
    }

    #[test]
    fn programs_are_told_from_people() {
        let check = |descriptor: &'static str, expected| {
            let person = Person { id: Some("1".into()), descriptor: Some(descriptor.into()), ..Person::default() };
            assert_eq!(person.actor().map(|actor| actor.is_bot), Some(expected), "{descriptor}");
        };
        check("aad.YTkzODFk", false);
        check("msa.YjZhOTRk", false);
        check("aadsp.YTkzODFk", true);
        check("svc.YTkzODFk", true);
    }
}
