import { db } from "../db.js";

export const findByEmail = (email: string) => db.account.findUnique({ where: { email: email.toLowerCase() } });

export const createAccount = (email: string, passwordHash: string) =>
  db.account.create({ data: { email: email.toLowerCase(), passwordHash } });
