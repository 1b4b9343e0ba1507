import type { NextFunction, Request, Response } from "express";
import type { ZodType } from "zod";
import { invalid } from "../errors.js";

/** Replaces the body by what the schema makes of it, or answers 422. */
export function validate(schema: ZodType) {
  return (request: Request, _response: Response, next: NextFunction) => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) return next(invalid(parsed.error.issues[0]?.message ?? "the body is wrong"));
    request.body = parsed.data;
    next();
  };
}
