import { Router } from "express";
import { z } from "zod";
import { rateLimit } from "../middleware/rateLimit.js";
import { validate } from "../middleware/validate.js";
import { applyCode, createCart, priceCart, setQuantity } from "../services/cart.js";

export const carts = Router();

const quantity = z.object({ quantity: z.number().int().min(0).max(99) });
const code = z.object({ code: z.string().min(3).max(20) });

carts.post("/", async (_request, response, next) => {
  createCart().then((cart) => response.status(201).json(cart), next);
});

carts.get("/:id", async (request, response, next) => {
  priceCart(request.params.id).then((priced) => response.json(priced), next);
});

carts.put("/:id/lines/:productId", validate(quantity), async (request, response, next) => {
  const { id, productId } = request.params;
  setQuantity(id, productId, request.body.quantity).then(() => response.status(204).end(), next);
});

carts.put("/:id/code", rateLimit(10, 60), validate(code), async (request, response, next) => {
  applyCode(request.params.id, request.body.code).then((priced) => response.json(priced), next);
});
