import { db } from "../db.js";

export const searchProducts = (search: string) =>
  db.product.findMany({ where: { name: { contains: search, mode: "insensitive" } }, orderBy: { name: "asc" } });

export const productWithReviews = (id: string) =>
  db.product.findUnique({ where: { id }, include: { reviews: true } });

export const createReview = (data: { productId: string; accountId: string; stars: number; text: string }) =>
  db.review.create({ data });
