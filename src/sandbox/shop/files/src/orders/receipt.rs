//! The receipt: what finance books and the customer gets by mail.

use serde::Serialize;

use crate::{cart::Cart, config, money::Cents, pricing};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    pub rows: Vec<(String, Cents)>,
    pub to_pay: Cents,
}

impl Receipt {
    /// Follows docs/pricing.md row by row; finance checks it against the books.
    pub fn of(cart: &Cart, rules: config::Pricing) -> Self {
        let mut rows: Vec<(String, Cents)> = Vec::new();
        for line in &cart.lines {
            let name = format!("{} × {}", line.quantity, line.name);
            rows.push((name, line.price.times(line.quantity)));
        }
        let merchandise = cart.merchandise();
        let discount = cart.coupon.as_ref().map_or(Cents::ZERO, |c| c.discount_on(merchandise));
        if let Some(coupon) = &cart.coupon {
            rows.push((format!("Coupon {}", coupon.code), Cents::ZERO - discount));
        }
        let shipping = pricing::shipping(merchandise - discount, rules);
        rows.push(("Shipping".to_owned(), shipping));
        let due = merchandise - discount + shipping;
        let paid = cart.gift_card.as_ref().map_or(Cents::ZERO, |card| card.pays(due));
        if cart.gift_card.is_some() {
            rows.push(("Gift card".to_owned(), Cents::ZERO - paid));
        }
        Self { rows, to_pay: due - paid }
    }
}
