import request from "supertest";
import { expect, it } from "vitest";
import { app } from "../src/app.js";
import { db } from "../src/db.js";
import { openSession } from "../src/services/sessions.js";
import { product } from "./support/factory.js";

async function signedIn() {
  const account = await db.account.create({ data: { email: `${Math.random()}@example.org`, passwordHash: "-" } });
  return `Bearer ${openSession(account.id)}`;
}

it("places an order and takes its stock", async () => {
  await product("calathea", 1990, 3);
  const cart = await request(app()).post("/carts").expect(201);
  await request(app()).put(`/carts/${cart.body.id}/lines/calathea`).send({ quantity: 2 }).expect(204);
  const token = await signedIn();
  const order = await request(app()).post("/orders").set("authorization", token).send({ cartId: cart.body.id });
  expect(order.body.total).toBe(2 * 1990 + 590);
  expect((await db.product.findUniqueOrThrow({ where: { id: "calathea" } })).onHand).toBe(1);
});

it("refuses an order beyond the stock", async () => {
  await product("olive", 8900, 0);
  const cart = await request(app()).post("/carts").expect(201);
  await request(app()).put(`/carts/${cart.body.id}/lines/olive`).send({ quantity: 1 }).expect(204);
  await request(app()).post("/orders").set("authorization", await signedIn()).send({ cartId: cart.body.id }).expect(409);
});
