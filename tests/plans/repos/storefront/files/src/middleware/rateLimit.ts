import type { NextFunction, Request, Response } from "express";
import { ShopError } from "../errors.js";

interface Window {
  since: number;
  count: number;
}

/** At most `limit` requests of one address in `seconds`. One process counts for itself. */
export function rateLimit(limit: number, seconds: number, now: () => number = Date.now) {
  const windows = new Map<string, Window>();
  return (request: Request, _response: Response, next: NextFunction) => {
    const key = request.ip ?? "unknown";
    const known = windows.get(key);
    const window = known && now() - known.since < seconds * 1000 ? known : { since: now(), count: 0 };
    window.count += 1;
    windows.set(key, window);
    next(window.count > limit ? new ShopError(429, "too_many_requests", "slow down") : undefined);
  };
}
