mod support;

use shop::{
    money::Cents,
    orders::Receipt,
    pricing::{CartTotals, cart_totals},
};
use support::{RULES, cart, gift_card, percent};

#[test]
fn an_empty_cart_costs_nothing() {
    let mut empty = cart(0);
    empty.lines.clear();
    assert_eq!(cart_totals(&empty, RULES), CartTotals::default());
}

#[test]
fn shipping_is_free_from_fifty() {
    assert_eq!(cart_totals(&cart(4999), RULES).to_pay, Cents(5489));
    assert_eq!(cart_totals(&cart(5000), RULES).to_pay, Cents(5000));
}

#[test]
fn a_percentage_coupon_counts_before_free_shipping() {
    let mut cart = cart(6000);
    cart.coupon = percent(20);
    let totals = cart_totals(&cart, RULES);
    assert_eq!((totals.discount, totals.shipping), (Cents(1200), Cents(490)));
    assert_eq!(totals.to_pay, Cents(5290));
}

#[test]
fn a_gift_card_pays_shipping_and_keeps_its_rest() {
    let mut cart = cart(2000);
    cart.gift_card = gift_card(3000);
    let totals = cart_totals(&cart, RULES);
    assert_eq!((totals.gift_card, totals.to_pay), (Cents(2490), Cents::ZERO));
}

#[test]
fn a_receipt_says_what_the_total_says() {
    let mut cart = cart(6000);
    cart.coupon = percent(15);
    assert_eq!(Receipt::of(&cart, RULES).to_pay, cart_totals(&cart, RULES).to_pay);
}
