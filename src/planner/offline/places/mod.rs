//! Where the change goes: the files of a repository that a ticket leads to, and those that it needs anew.
//!
//! In: a context and a reading. Out: [`site::Site`]s. `site` collects them; each other module knows one way in which a
//! ticket leads to a file, or one thing that a file is to be told of.

pub mod accepted;
pub mod adopted;
pub mod attribute;
pub mod beside;
pub mod called;
pub mod coined;
pub mod companions;
pub mod documents;
pub mod entry;
pub mod every;
pub mod family;
pub mod far;
pub mod flags;
pub mod footprint;
pub mod headed;
pub mod labels;
pub mod lifted;
pub mod literals;
pub mod loops;
pub mod members;
pub mod named;
pub mod near;
pub mod neighbours;
pub mod noun;
pub mod picked;
pub mod raised;
pub mod record;
pub mod refs;
pub mod removed;
pub mod replaced;
pub mod returned;
pub mod settings;
pub mod siblings;
pub mod site;
pub mod states;
pub mod stored;
pub mod suspect;
pub mod timed;
pub mod todo;
pub mod toggles;
pub mod touched;
pub mod traced;
pub mod wanted;
pub mod widen;
