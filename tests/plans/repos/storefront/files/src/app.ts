import express, { type NextFunction, type Request, type Response } from "express";
import { ShopError } from "./errors.js";
import { logger } from "./logger.js";
import { routes } from "./routes/index.js";

export function app() {
  const app = express();
  app.use(express.json({ limit: "100kb" }));
  app.use(routes());
  app.use(answerErrors);
  return app;
}

function answerErrors(error: unknown, request: Request, response: Response, _next: NextFunction) {
  if (error instanceof ShopError) {
    response.status(error.status).json({ error: error.code, message: error.message });
    return;
  }
  logger.error({ err: error, path: request.path }, "request failed");
  response.status(500).json({ error: "internal", message: "something went wrong" });
}
