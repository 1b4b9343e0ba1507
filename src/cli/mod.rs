//! The command line: arguments → a command → an exit code.
//!
//! Exit codes: 0 done, 1 the command failed, 2 the arguments or the configuration are wrong. Results go to standard
//! output, everything else to standard error.

mod address;
pub mod config;
mod context;
mod demo;
mod learn;
mod local;
mod plan;
mod replay;
mod serve;
mod templates;
pub mod ticket_file;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Problems, Sources, load};

/// Answers tickets with implementation plans that are checked against the repository.
#[derive(Debug, Parser)]
#[command(name = "planwright", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Plan(plan::PlanArgs),
    Context(context::ContextArgs),
    Replay(replay::ReplayArgs),
    #[command(subcommand)]
    Learn(learn::LearnCommand),
    /// List, show or check template packs
    #[command(subcommand)]
    Templates(templates::TemplatesCommand),
    /// Check or describe the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
}

/// Where the configuration is.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    /// Configuration file, or a folder with `*.toml` files; repeatable, later ones win [default: planwright.toml]
    #[arg(long = "config", value_name = "PATH")]
    files: Vec<PathBuf>,
}

impl ConfigArgs {
    /// Reads and checks all layers.
    pub fn load(&self) -> Result<Config, Problems> {
        load(&Sources::of_process(self.files.clone()))
    }
}

/// Runs the program with this process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<Problems>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// One thread of its own for each core; on a single core no threads that only hand work around.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let alone = std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1);
    let mut builder =
        if alone { tokio::runtime::Builder::new_current_thread() } else { tokio::runtime::Builder::new_multi_thread() };
    builder.enable_all().build()
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(args).await.map(|()| ExitCode::SUCCESS),
        Command::Plan(args) => plan::run(args).await.map(|()| ExitCode::SUCCESS),
        Command::Context(args) => context::run(args).await.map(|()| ExitCode::SUCCESS),
        Command::Replay(args) => replay::run(args).await.map(|()| ExitCode::SUCCESS),
        Command::Learn(command) => learn::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Templates(command) => templates::run(&command),
        Command::Config(command) => Ok(config::run(&command, &mut io::stdout(), &mut io::stderr())?),
    }
}
