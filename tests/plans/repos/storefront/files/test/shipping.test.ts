import { expect, it } from "vitest";
import { Money } from "../src/domain/money.js";
import { shippingFor } from "../src/domain/shipping.js";

it("costs 5.90 below 49.00", () => {
  expect(shippingFor(Money.cents(4899)).cents).toBe(590);
});

it("is free from 49.00 on", () => {
  expect(shippingFor(Money.cents(4900)).cents).toBe(0);
});
