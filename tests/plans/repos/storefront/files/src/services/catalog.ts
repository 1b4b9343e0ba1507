import { notFound } from "../errors.js";
import { createReview, productWithReviews, searchProducts } from "../repositories/productRepository.js";

export async function listProducts(search: string) {
  return searchProducts(search.trim());
}

export async function findProduct(id: string, withReviews: boolean) {
  const product = await productWithReviews(id);
  if (!product) throw notFound("product");
  const { reviews, ...rest } = product;
  return withReviews ? { ...rest, reviews, stars: average(reviews.map((review) => review.stars)) } : rest;
}

export async function addReview(productId: string, accountId: string, stars: number, text: string) {
  return createReview({ productId, accountId, stars, text });
}

function average(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
