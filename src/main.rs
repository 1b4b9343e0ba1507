//! Arguments → a command.

/// Small pieces that several threads take and give back are most of what a burst asks for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    planwright::cli::main()
}
