CREATE TABLE coupons (
    code         TEXT PRIMARY KEY,
    percent      BIGINT CHECK (percent BETWEEN 1 AND 100),
    amount_cents BIGINT CHECK (amount_cents > 0),
    valid_until  TIMESTAMPTZ NOT NULL,
    CHECK ((percent IS NULL) <> (amount_cents IS NULL))
);

ALTER TABLE carts ADD COLUMN coupon TEXT REFERENCES coupons (code);
ALTER TABLE orders ADD COLUMN discount_cents BIGINT NOT NULL DEFAULT 0;
