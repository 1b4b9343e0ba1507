import request from "supertest";
import { expect, it } from "vitest";
import { app } from "../src/app.js";

const mara = { email: "mara@example.org", password: "correct horse" };

it("signs in with the right password", async () => {
  await request(app()).post("/accounts").send(mara).expect(201);
  const answer = await request(app()).post("/accounts/session").send(mara).expect(200);
  expect(answer.body.token).toContain(".");
});

it("refuses a wrong password", async () => {
  await request(app()).post("/accounts/session").send({ ...mara, password: "wrong battery" }).expect(422);
});
