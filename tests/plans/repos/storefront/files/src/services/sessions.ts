import { createHmac, timingSafeEqual } from "node:crypto";
import { config } from "../config.js";

export interface Session {
  accountId: string;
  until: number;
}

/** Signs a session; nothing is stored. */
export function openSession(accountId: string, now = Date.now()): string {
  const until = now + config.sessionHours * 3_600_000;
  const payload = Buffer.from(JSON.stringify({ accountId, until })).toString("base64url");
  return `${payload}.${sign(payload)}`;
}

export function readSession(token: string, now = Date.now()): Session | undefined {
  const [payload, signature] = token.split(".");
  if (!payload || !signature) return undefined;
  const expected = Buffer.from(sign(payload));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const session: Session = JSON.parse(Buffer.from(payload, "base64url").toString());
  return session.until > now ? session : undefined;
}

function sign(payload: string): string {
  return createHmac("sha256", config.sessionSecret).update(payload).digest("base64url");
}
