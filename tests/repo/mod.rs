//! Repositories, from git to the ranked list, on small repositories that the tests build.

mod bad_input;
mod gather;
mod mirror;
mod partial;
mod routes;
mod symbols;
mod world;
