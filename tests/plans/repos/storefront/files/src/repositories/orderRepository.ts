import { db, type Transaction } from "../db.js";

export const insertOrder = (tx: Transaction, accountId: string, total: number) =>
  tx.order.create({ data: { accountId, total } });

export const addStatus = (tx: Transaction, orderId: string, status: string) =>
  tx.orderStatus.create({ data: { orderId, status } });

export const setStatus = (tx: Transaction, id: string, status: string) =>
  tx.order.update({ where: { id }, data: { status } });

export const ordersOf = (accountId: string) =>
  db.order.findMany({ where: { accountId }, orderBy: { placedAt: "desc" } });

export const orderOf = (accountId: string, id: string) =>
  db.order.findFirst({ where: { id, accountId }, include: { history: true } });

export async function addressOf(orderId: string): Promise<string> {
  const order = await db.order.findUniqueOrThrow({ where: { id: orderId }, include: { account: true } });
  return order.account.email;
}
