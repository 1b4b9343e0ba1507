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
    MEANS.iter().filter(|(_, told)| told.iter().any(|w| words.contains(w))).map(|(name, _)| *name).collect()
}

/// The line of a file that is named for a means, by which it calls out.
pub fn of(context: &Context, mean: &str) -> Option<FileRef> {
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
        "reqwest::",
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
    let is_named = |path: &&str| {
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default().to_lowercase();
        stem.contains(mean) && context.tree.file(path).is_some_and(|f| f.class == FileClass::Source)
    };
    context.tree.paths().filter(is_named).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let calls =
            |line: &str| !line.trim_start().starts_with("import") && CALLS.iter().any(|call| line.contains(call));
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| calls(line))?;
        Some(FileRef::new(path).lines(at, at))
    })
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
