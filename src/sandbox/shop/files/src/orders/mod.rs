//! Orders: placing, paying, receipts and the staff's list.

pub mod receipt;
pub mod status;
pub mod store;

use serde::Serialize;

use crate::{cart::CartLine, money::Cents};

pub use receipt::Receipt;
pub use status::Status;

#[derive(Clone, Debug, Serialize)]
pub struct Order {
    pub id: i64,
    pub email: String,
    pub status: Status,
    pub discount: Cents,
    pub gift_card: Cents,
    pub to_pay: Cents,
    /// Milliseconds since 1970.
    pub placed_at: i64,
    pub lines: Vec<CartLine>,
}
