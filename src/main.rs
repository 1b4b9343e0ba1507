//! Arguments → a command.

fn main() -> std::process::ExitCode {
    planwright::cli::main()
}
