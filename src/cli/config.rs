//! `planwright config check|schema`.
//!
//! In: paths. Out: "ok", or every problem with its key, and an exit code. Never prints a secret and starts nothing.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Subcommand;

use crate::config::{self, Sources};

/// The exit code for a configuration that has problems.
const REFUSED: u8 = 2;

/// What to do with the configuration.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check files (or planwright.toml) together with the environment, and name every problem.
    Check {
        /// Files, or folders of *.toml files; later ones win.
        files: Vec<PathBuf>,
        /// Check the form of secrets only: read no variable and no file that they refer to.
        #[arg(long)]
        without_secrets: bool,
    },
    /// Print the JSON Schema of a configuration file.
    Schema,
    /// Print every setting with its default and a comment.
    Defaults,
}

/// Runs one of them; `out` is stdout and `problems` is stderr.
pub fn run(command: &ConfigCommand, out: &mut dyn Write, problems: &mut dyn Write) -> io::Result<ExitCode> {
    match command {
        ConfigCommand::Check { files, without_secrets } => {
            let sources = Sources { read_secrets: !without_secrets, ..Sources::of_process(files.clone()) };
            check(&sources, out, problems)
        }
        ConfigCommand::Schema => {
            writeln!(out, "{:#}", config::schema())?;
            Ok(ExitCode::SUCCESS)
        }
        ConfigCommand::Defaults => {
            out.write_all(config::DEFAULTS.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Loads the configuration and says what came of it.
pub fn check(sources: &Sources, out: &mut dyn Write, problems: &mut dyn Write) -> io::Result<ExitCode> {
    match config::load(sources) {
        Ok(_) => {
            writeln!(out, "ok")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(found) => {
            writeln!(problems, "error: {found}")?;
            Ok(ExitCode::from(REFUSED))
        }
    }
}
