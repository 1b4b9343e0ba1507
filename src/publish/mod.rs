//! document → publication: encode, fit, upsert.
//!
//! In: a document made of strangers' words. Out: a [`Rendered`](crate::model::publication::Rendered) body: inert, in
//! the tracker's dialect, within its limit, with the marker of its operation. Never lets a tag, a mention, a closing
//! keyword, a command or an image through.

pub mod earlier;
pub mod encode;
pub mod fit;
pub mod inert;
pub mod marker;
pub mod upsert;

pub use earlier::{EarlierVersion, with_earlier};
pub use encode::{Encoder, NoMarkerPlace};
pub use inert::Hosts;
pub use marker::MarkerKey;
