//! Carts and rules for tests.

use shop::{
    cart::{Cart, CartLine},
    config::Pricing,
    money::Cents,
    pricing::{Coupon, Discount, GiftCard},
};

pub const RULES: Pricing = Pricing { free_shipping_from: Cents(5000), shipping: Cents(490) };

/// A cart with one line of this merchandise value.
pub fn cart(merchandise: i64) -> Cart {
    let line = CartLine {
        sku: "MUG-ENAMEL".to_owned(),
        name: "Enamel mug".to_owned(),
        price: Cents(merchandise),
        quantity: 1,
    };
    Cart { id: 1, lines: vec![line], ..Cart::default() }
}

pub fn percent(percent: i64) -> Option<Coupon> {
    Some(Coupon { code: "SPRING20".to_owned(), discount: Discount::Percent(percent) })
}

pub fn gift_card(balance: i64) -> Option<GiftCard> {
    Some(GiftCard { code: "GIFT-7Q2M".to_owned(), balance: Cents(balance) })
}
