//! Files that send something to people or services: mail, text messages, push.
//!
//! In: a sentence, and the source of a [`Context`]. Out: what it sends by, and the line of the file named for that which calls
//! out. Plain words; bounded.

use crate::model::{
    context::{Context, FileClass},
    plan::FileRef,
};

/// Files that are read, and the longest of them in bytes.
const SEARCHED: usize = 20;
const LONGEST: usize = 200_000;

/// How a line calls out.
const CALLS: &[&str] = &[
    "httpx.",
    "requests.post",
    "smtplib.SMTP(",
    "aiosmtplib",
    "sendMail(",
    "fetch(",
    "axios.",
    "http.Post(",
    ".Do(",
    "reqwest",
    "PostAsync(",
    "SendAsync(",
    "SendMailAsync(",
    "RestTemplate",
    "Net::HTTP",
    "deliver_now",
    "JavaMailSender",
    ".send_message(",
    "smtp.SendMail(",
    "->send(",
];

/// The names of files that send what a sentence speaks of.
pub fn means(text: &str) -> Vec<&'static str> {
    const MEANS: &[(&str, &[&str])] = &[
        ("sms", &["sms"]),
        ("mail", &["mail", "mails", "e-mail", "e-mails", "email", "emails"]),
        ("push", &["push"]),
        ("slack", &["slack"]),
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
    // “until the mail text is approved” sends nothing.
    let is_text = lower.contains("mail text");
    MEANS
        .iter()
        .filter(|_| !is_text)
        .filter(|(_, told)| told.iter().any(|w| words.contains(w)))
        .map(|(name, _)| *name)
        .collect()
}

/// The line of a file that is named for a means, by which it calls out.
pub fn of(context: &Context, mean: &str) -> Option<FileRef> {
    let is_named = |path: &&str| {
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default().to_lowercase();
        stem.contains(mean) && context.tree.file(path).is_some_and(|f| f.class == FileClass::Source)
    };
    context.tree.paths().filter(is_named).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let calls = |line: &str| {
            !["import", "use "].iter().any(|w| line.trim_start().starts_with(w))
                && CALLS.iter().any(|call| line.contains(call))
        };
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| calls(line))?;
        Some(FileRef::new(path).lines(at, at))
    })
}

/// Does nothing bound how long a call waits: its library does not by itself, nor does its file?
pub fn is_unbounded(context: &Context, call: &FileRef) -> bool {
    // Their documents say that they wait as long as it takes, unless told otherwise.
    const PATIENT: &[&str] = &["smtplib.SMTP(", "requests.post", "http.Post("];
    let Some(text) = context.tree.text(&call.path) else { return false };
    let line =
        call.lines.and_then(|lines| text.lines().nth((lines.first as usize).saturating_sub(1))).unwrap_or_default();
    PATIENT.iter().any(|mark| line.contains(mark)) && !text.to_lowercase().contains("timeout")
}

/// What a call goes through, where its file makes it while it is loaded: `transport` of `transport.sendMail(…)`.
pub fn made(context: &Context, call: &FileRef) -> Option<(String, FileRef)> {
    let text = context.tree.text(&call.path)?;
    let line = text.lines().nth(call.lines?.first.checked_sub(1)? as usize)?;
    let called = CALLS.iter().find_map(|mark| line.find(mark).map(|at| &line[..at]))?;
    let name = called.strip_suffix('.')?.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?.to_owned();
    let makes = |line: &str| {
        let is_top = line.starts_with(|c: char| c.is_alphabetic());
        is_top && !name.is_empty() && line.contains(&format!("{name} = ")) && line.contains('(')
    };
    let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| makes(line))?;
    Some((name, FileRef::new(&call.path).lines(at, at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sends_is_named_by_its_means() {
        assert_eq!(means("I am offered its slot by SMS or e-mail"), ["sms", "mail"]);
        assert_eq!(means("every waiting customer gets one mail"), ["mail"]);
        assert!(means("the mailbox is emptied").is_empty());
    }
}
