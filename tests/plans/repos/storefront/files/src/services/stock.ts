import type { Transaction } from "../db.js";
import { outOfStock } from "../errors.js";

/** Takes the stock of all lines of a cart, or none. */
export async function takeStock(tx: Transaction, cartId: string) {
  const lines = await tx.cartLine.findMany({ where: { cartId }, include: { product: true } });
  for (const line of lines) {
    const taken = await tx.product.updateMany({
      where: { id: line.productId, onHand: { gte: line.quantity } },
      data: { onHand: { decrement: line.quantity } },
    });
    if (taken.count === 0) throw outOfStock(line.product.name, line.product.onHand);
  }
}
