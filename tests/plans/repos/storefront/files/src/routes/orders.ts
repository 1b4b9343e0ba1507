import { Router } from "express";
import { requireAccount } from "../middleware/auth.js";
import { findOrder, listOrders, placeOrder } from "../services/orders.js";

export const orders = Router();

orders.use(requireAccount);

orders.post("/", async (request, response, next) => {
  placeOrder(response.locals.accountId, request.body.cartId).then((order) => response.status(201).json(order), next);
});

orders.get("/", async (_request, response, next) => {
  listOrders(response.locals.accountId).then((found) => response.json(found), next);
});

orders.get("/:id", async (request, response, next) => {
  findOrder(response.locals.accountId, request.params.id).then((order) => response.json(order), next);
});
