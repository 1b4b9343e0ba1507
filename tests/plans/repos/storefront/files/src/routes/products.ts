import { Router } from "express";
import { z } from "zod";
import { isOn } from "../flags.js";
import { requireAccount } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { addReview, findProduct, listProducts } from "../services/catalog.js";

export const products = Router();

const review = z.object({ stars: z.number().int().min(1).max(5), text: z.string().max(2000) });

products.get("/", async (request, response, next) => {
  listProducts(String(request.query.search ?? "")).then((found) => response.json(found), next);
});

products.get("/:id", async (request, response, next) => {
  findProduct(request.params.id, isOn("reviews")).then((product) => response.json(product), next);
});

if (isOn("reviews")) {
  products.post("/:id/reviews", requireAccount, validate(review), async (request, response, next) => {
    const { stars, text } = request.body;
    addReview(request.params.id, response.locals.accountId, stars, text).then((made) => response.status(201).json(made), next);
  });
}
