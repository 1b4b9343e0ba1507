//! What the demo prints: a progress line on a terminal, plain lines elsewhere.

use std::{io::IsTerminal as _, net::SocketAddr, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use super::play::Seen;

/// Prints the demo.
pub(super) struct Show {
    bar: ProgressBar,
}

impl Show {
    pub fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("the template is valid");
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Where the bot is.
    pub fn opening(&self, bot: SocketAddr) {
        self.line(&format!("Planwright listens on http://{bot}, beside a sandbox of trackers."));
        self.line("");
    }

    /// The next tracker.
    pub fn scene(&self, title: &str, address: &str) {
        self.line(&format!("{title}, on {address}"));
        self.line("");
    }

    /// Somebody is doing something.
    pub fn acting(&self, words: &str) {
        self.bar.set_message(format!("{words} …"));
    }

    /// One way in, from the delivery to the comment.
    pub fn seen(&self, seen: &Seen) {
        let status = seen.status.map_or("no answer".to_owned(), |status| status.to_string());
        self.line(&seen.act);
        self.line(&format!("  delivery  answered {status} in {:.1} ms", millis(seen.answered_in)));
        self.line(&format!("  decision  {}", seen.decision));
        match &seen.comment {
            Some((url, took)) => self.line(&format!("  comment   {url}, {:.0} ms after the delivery", millis(*took))),
            None => self.line("  comment   none came"),
        }
        self.line("");
    }

    /// What can be looked at now.
    pub fn closing(&self, bot: SocketAddr, (wanted, stand): (usize, usize), once: bool) {
        self.bar.finish_and_clear();
        match wanted == stand {
            true => println!("All {wanted} plans stand."),
            false => println!("{} of {wanted} plans are missing.", wanted - stand),
        }
        if !once {
            println!("Look at the dashboard: http://{bot}/");
            println!("and at the comments above, as each tracker's readers see them.");
            println!("Ctrl-C ends the demo; everything it made goes with it.");
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| println!("{text}"));
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
