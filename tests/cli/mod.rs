//! The command line as people use it: the program is run, its output and exit code are looked at.

mod bad_input;
mod commands;
mod learn;
mod readme;
mod run;
