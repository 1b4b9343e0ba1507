import { describe, expect, it } from "vitest";
import { bestDiscount, bundleDiscount } from "../src/domain/discount.js";
import { Money } from "../src/domain/money.js";
import { line } from "./support/factory.js";

describe("bundleDiscount", () => {
  it("gives the cheapest of five plants for free", () => {
    const lines = [line("monstera", 4, 2400), line("ivy", 1, 690)];
    expect(bundleDiscount(lines).cents).toBe(690);
  });

  it("gives nothing below five", () => {
    expect(bundleDiscount([line("monstera", 4, 2400)]).cents).toBe(0);
  });
});

describe("bestDiscount", () => {
  it("takes the better of code and bundle", () => {
    const lines = [line("monstera", 5, 2400)];
    expect(bestDiscount(lines, Money.cents(12000), "JUNGLE20").cents).toBe(2400);
  });

  it("ignores a code below its minimum", () => {
    expect(bestDiscount([line("ivy", 1, 690)], Money.cents(690), "JUNGLE20").cents).toBe(0);
  });
});
