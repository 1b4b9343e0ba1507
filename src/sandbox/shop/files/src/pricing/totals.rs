//! The total of a cart.

use serde::Serialize;

use crate::{cart::Cart, config, money::Cents};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CartTotals {
    pub merchandise: Cents,
    pub discount: Cents,
    pub shipping: Cents,
    pub gift_card: Cents,
    pub to_pay: Cents,
}

/// Prices a cart.
pub fn cart_totals(cart: &Cart, rules: config::Pricing) -> CartTotals {
    let merchandise = cart.merchandise();
    if cart.lines.is_empty() {
        return CartTotals::default();
    }
    let mut rest = merchandise;
    let mut gift_card = match &cart.gift_card {
        Some(card) => card.pays(rest),
        None => Cents::ZERO,
    };
    rest = rest - gift_card;

    let discount = match &cart.coupon {
        Some(coupon) => coupon.discount_on(rest),
        None => Cents::ZERO,
    };
    rest = rest - discount;

    let shipping = shipping(merchandise - discount, rules);
    rest = rest + shipping;
    if let Some(card) = &cart.gift_card {
        let more = GiftCardRest { balance: card.balance, used: gift_card }.pays(rest);
        gift_card = gift_card + more;
        rest = rest - more;
    }
    CartTotals { merchandise, discount, shipping, gift_card, to_pay: rest }
}

/// Shipping of what is left after the coupon.
pub fn shipping(after_coupon: Cents, rules: config::Pricing) -> Cents {
    if after_coupon >= rules.free_shipping_from { Cents::ZERO } else { rules.shipping }
}

/// What is left on a card that has paid already.
struct GiftCardRest {
    balance: Cents,
    used: Cents,
}

impl GiftCardRest {
    fn pays(&self, amount: Cents) -> Cents {
        (self.balance - self.used).min(amount)
    }
}
