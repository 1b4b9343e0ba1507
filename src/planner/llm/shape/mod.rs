//! What a model is asked to fill: the parts of a draft that a model may say, and nothing else.
//!
//! In: JSON of a model, or a draft to start from. Out: parts of a draft. The shapes follow `model::plan` section by section
//! without what only code may set (links, ids, counted effort, the ticket's own criteria). Every field is required and has
//! one type, an empty one meaning "none", because the strict modes of the providers want it so. What a model leaves out
//! inside a section is empty; a section that is not there at all is refused.

mod approach;
mod care;
mod contracts;
mod guard;
mod outlook;
mod said;
mod steps;
mod tests;
mod words;

pub use approach::Approach;
pub use care::Care;
pub use contracts::Contracts;
pub use guard::Guard;
pub use outlook::{Extra, Outlook};
pub use said::Said;
pub use steps::Work;
pub use tests::Tests;
