import { db } from "../db.js";
import { notFound } from "../errors.js";
import { logger } from "../logger.js";
import { addStatus, insertOrder, orderOf, ordersOf, setStatus } from "../repositories/orderRepository.js";
import { priceCart } from "./cart.js";
import { sendConfirmation } from "./mailer.js";
import { takeStock } from "./stock.js";

/** Prices the cart, takes its stock and keeps the order, in one transaction. The mail goes out afterwards. */
export async function placeOrder(accountId: string, cartId: string) {
  const priced = await priceCart(cartId);
  const order = await db.$transaction(async (tx) => {
    await takeStock(tx, cartId);
    const order = await insertOrder(tx, accountId, priced.total.cents);
    await addStatus(tx, order.id, "placed");
    return order;
  });
  sendConfirmation(order.id, priced).catch((err) => logger.error({ err, order: order.id }, "no confirmation mail"));
  return order;
}

export async function listOrders(accountId: string) {
  return ordersOf(accountId);
}

export async function findOrder(accountId: string, id: string) {
  const order = await orderOf(accountId, id);
  if (!order) throw notFound("order");
  return order;
}

export async function markPaid(orderId: string) {
  await db.$transaction(async (tx) => {
    await setStatus(tx, orderId, "paid");
    await addStatus(tx, orderId, "paid");
  });
}
