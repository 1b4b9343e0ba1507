import { Router } from "express";
import { verifySignature } from "../services/payments.js";
import { markPaid } from "../services/orders.js";

export const webhooks = Router();

webhooks.post("/payments", async (request, response, next) => {
  try {
    verifySignature(JSON.stringify(request.body), request.header("x-signature") ?? "");
    if (request.body.type === "payment.succeeded") await markPaid(request.body.orderId);
    response.status(204).end();
  } catch (error) {
    next(error);
  }
});
