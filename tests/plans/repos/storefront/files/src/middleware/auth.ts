import type { NextFunction, Request, Response } from "express";
import { unauthorized } from "../errors.js";
import { readSession } from "../services/sessions.js";

/** Lets only signed-in customers pass; puts the account's id on the response's locals. */
export function requireAccount(request: Request, response: Response, next: NextFunction) {
  const token = request.header("authorization")?.replace(/^Bearer /, "");
  const session = token ? readSession(token) : undefined;
  if (!session) return next(unauthorized());
  response.locals.accountId = session.accountId;
  next();
}
