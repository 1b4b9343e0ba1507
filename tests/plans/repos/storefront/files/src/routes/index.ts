import { Router } from "express";
import { accounts } from "./accounts.js";
import { carts } from "./carts.js";
import { orders } from "./orders.js";
import { products } from "./products.js";
import { webhooks } from "./webhooks.js";

export function routes() {
  const router = Router();
  router.use("/accounts", accounts);
  router.use("/carts", carts);
  router.use("/orders", orders);
  router.use("/products", products);
  router.use("/webhooks", webhooks);
  return router;
}
