import { createHmac, timingSafeEqual } from "node:crypto";
import { config } from "../config.js";
import { unauthorized } from "../errors.js";

/** The payment service signs its notices with HMAC-SHA256 in hex. */
export function verifySignature(body: string, signature: string) {
  const expected = Buffer.from(createHmac("sha256", config.paymentWebhookSecret).update(body).digest("hex"));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) throw unauthorized();
}
