import request from "supertest";
import { expect, it } from "vitest";
import { app } from "../src/app.js";
import { product } from "./support/factory.js";

it("shows stars once there are reviews", async () => {
  await product("fern", 1290);
  const answer = await request(app()).get("/products/fern").expect(200);
  expect(answer.body.stars).toBeNull();
});

it("asks reviewers to sign in", async () => {
  await request(app()).post("/products/fern/reviews").send({ stars: 5, text: "grows" }).expect(401);
});
