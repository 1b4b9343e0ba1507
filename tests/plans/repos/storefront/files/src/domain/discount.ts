import { Money } from "./money.js";

export interface Line {
  productId: string;
  quantity: number;
  unitPrice: Money;
}

export interface Priced {
  goods: Money;
  discount: Money;
  shipping: Money;
  total: Money;
}

interface Code {
  percent: number;
  minimum: Money;
}

const CODES: Record<string, Code> = {
  SPRING10: { percent: 10, minimum: Money.cents(0) },
  JUNGLE20: { percent: 20, minimum: Money.cents(8000) },
};

export function codeDiscount(code: string): Code | undefined {
  return CODES[code.toUpperCase()];
}

/** From five plants on, the cheapest is free. */
export function bundleDiscount(lines: Line[]): Money {
  const sorted = [...lines].sort((a, b) => a.unitPrice.cents - b.unitPrice.cents);
  const cheapest = sorted[0].unitPrice;
  const count = lines.reduce((sum, line) => sum + line.quantity, 0);
  return count >= 5 ? cheapest : Money.zero;
}

/** The better of the two: discounts do not add up. */
export function bestDiscount(lines: Line[], goods: Money, code: string | null): Money {
  const bundle = bundleDiscount(lines);
  const known = code ? codeDiscount(code) : undefined;
  const byCode = known && goods.cents >= known.minimum.cents ? goods.percent(known.percent) : Money.zero;
  return byCode.cents > bundle.cents ? byCode : bundle;
}
