import { Router } from "express";
import { z } from "zod";
import { validate } from "../middleware/validate.js";
import { signIn, signUp } from "../services/accounts.js";

export const accounts = Router();

const credentials = z.object({ email: z.string().email(), password: z.string().min(10) });

accounts.post("/", validate(credentials), async (request, response, next) => {
  try {
    response.status(201).json(await signUp(request.body.email, request.body.password));
  } catch (error) {
    next(error);
  }
});

accounts.post("/session", validate(credentials), async (request, response, next) => {
  try {
    response.json({ token: await signIn(request.body.email, request.body.password) });
  } catch (error) {
    next(error);
  }
});
