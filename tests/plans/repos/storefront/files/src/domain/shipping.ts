import { Money } from "./money.js";

const FREE_FROM = Money.cents(4900);
const SHIPPING = Money.cents(590);

/** Shipping is free from 49.00 of goods on. */
export function shippingFor(goods: Money): Money {
  return goods.cents >= FREE_FROM.cents ? Money.zero : SHIPPING;
}
