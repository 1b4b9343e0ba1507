import { db } from "../../src/db.js";
import { Money } from "../../src/domain/money.js";
import type { Line } from "../../src/domain/discount.js";

export function line(productId: string, quantity: number, cents: number): Line {
  return { productId, quantity, unitPrice: Money.cents(cents) };
}

export async function product(id: string, unitPrice: number, onHand = 10) {
  return db.product.create({ data: { id, name: id, description: "", unitPrice, onHand } });
}
