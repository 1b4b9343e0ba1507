import { bestDiscount, codeDiscount, type Priced } from "../domain/discount.js";
import { Money } from "../domain/money.js";
import { shippingFor } from "../domain/shipping.js";
import { invalid, notFound } from "../errors.js";
import { cartWithLines, insertCart, saveCode, saveQuantity } from "../repositories/cartRepository.js";

export async function createCart() {
  return insertCart();
}

export async function setQuantity(cartId: string, productId: string, quantity: number) {
  await saveQuantity(cartId, productId, quantity);
}

export async function applyCode(cartId: string, code: string): Promise<Priced> {
  if (!codeDiscount(code)) throw invalid("this code is unknown or over");
  await saveCode(cartId, code.toUpperCase());
  return priceCart(cartId);
}

/** What the cart costs: goods, minus the better of the bundle discount and the code, plus shipping. */
export async function priceCart(cartId: string): Promise<Priced> {
  const cart = await cartWithLines(cartId);
  if (!cart) throw notFound("cart");
  const lines = cart.lines.map((line) => ({ ...line, unitPrice: Money.cents(line.product.unitPrice) }));
  const goods = lines.reduce((sum, line) => sum.plus(line.unitPrice.times(line.quantity)), Money.zero);
  const discount = bestDiscount(lines, goods, cart.code);
  const shipping = shippingFor(goods);
  return { goods, discount, shipping, total: goods.minus(discount).plus(shipping) };
}
