import { db } from "../db.js";

export const insertCart = () => db.cart.create({ data: {} });

export const cartWithLines = (id: string) =>
  db.cart.findUnique({ where: { id }, include: { lines: { include: { product: true } } } });

export const saveCode = (id: string, code: string) => db.cart.update({ where: { id }, data: { code } });

export async function saveQuantity(cartId: string, productId: string, quantity: number) {
  if (quantity === 0) {
    await db.cartLine.deleteMany({ where: { cartId, productId } });
    return;
  }
  const key = { cartId_productId: { cartId, productId } };
  await db.cartLine.upsert({ where: key, create: { cartId, productId, quantity }, update: { quantity } });
}
