//! document → publication: encode, fit, upsert.
//!
//! In: a document made of strangers' words. Out: a [`Rendered`](crate::model::publication::Rendered) body: inert, in
//! the tracker's dialect, within its limit, with the marker of its operation; or a document that a short comment links. Never lets a tag, a mention, a closing
//! keyword, a command or an image through.

pub mod document;
pub mod earlier;
pub mod encode;
pub mod fit;
pub mod inert;
pub mod link;
pub mod marker;
pub mod upsert;

pub use earlier::{EarlierVersion, with_earlier};
pub use encode::{Encoder, NoMarkerPlace};
pub use inert::Hosts;
pub use link::{LinkKey, Links};
pub use marker::MarkerKey;
