/** What a caller may be told. Everything else is a 500. */
export class ShopError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = (what: string) => new ShopError(404, "not_found", `${what} not found`);
export const invalid = (message: string) => new ShopError(422, "invalid", message);
export const unauthorized = () => new ShopError(401, "unauthorized", "sign in first");
export const outOfStock = (product: string, left: number) =>
  new ShopError(409, "out_of_stock", `only ${left} of ${product} left`);
