//! Pricing rules. Pure but for the two `find` functions; docs/pricing.md is the specification.

mod coupon;
mod gift_card;
mod totals;

pub use coupon::{Coupon, Discount};
pub use gift_card::GiftCard;
pub use totals::{CartTotals, cart_totals, shipping};
