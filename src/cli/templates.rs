//! `planwright templates`: list, show and check template packs.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;

use crate::{
    model::plan,
    templates::{self, Packs},
};

#[derive(Debug, Subcommand)]
pub enum TemplatesCommand {
    /// List the packs with what each is for
    List {
        /// Folder with further packs; repeatable
        #[arg(long, value_name = "DIR")]
        dir: Vec<PathBuf>,
    },
    /// Print a pack's description and template
    Show {
        /// Its name
        name: String,
        /// Folder with further packs; repeatable
        #[arg(long, value_name = "DIR")]
        dir: Vec<PathBuf>,
    },
    /// Print the JSON Schema of a plan: what templates are given as `plan`
    Schema {
        /// That of the outline instead, as the pack `architecture` attaches it
        #[arg(long)]
        outline: bool,
    },
    /// Check a folder of packs, and name every mistake with its file and line
    Check {
        /// The folder
        dir: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: &TemplatesCommand) -> anyhow::Result<ExitCode> {
    match command {
        TemplatesCommand::List { dir } => {
            let packs = super::plan::packs(dir)?;
            for name in packs.names() {
                let pack = packs.get(name).context("a listed pack exists")?;
                println!("{name:<16} {}", pack.description);
            }
        }
        TemplatesCommand::Show { name, dir } => show(&super::plan::packs(dir)?, name)?,
        TemplatesCommand::Schema { outline: true } => println!("{:#}", templates::outline_schema()),
        TemplatesCommand::Schema { outline: false } => println!("{:#}", plan::schema()),
        TemplatesCommand::Check { dir } => {
            anyhow::ensure!(dir.is_dir(), "there is no folder {}", dir.display());
            let problems = templates::check(dir);
            for problem in &problems {
                eprintln!("{problem}");
            }
            if !problems.is_empty() {
                return Ok(ExitCode::from(2));
            }
            println!("ok");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints one pack.
fn show(packs: &Packs, name: &str) -> anyhow::Result<()> {
    let pack = packs
        .get(name)
        .with_context(|| format!("no template is called {name:?}; there are: {}", packs.names().join(", ")))?;
    println!("{}\n{}\n", pack.title, pack.description);
    print!("{}", pack.plan);
    Ok(())
}
