CREATE TABLE orders (
    id            BIGSERIAL PRIMARY KEY,
    email         TEXT NOT NULL,
    status        TEXT NOT NULL DEFAULT 'placed',
    to_pay_cents  BIGINT NOT NULL CHECK (to_pay_cents >= 0),
    placed_at     TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id    BIGINT NOT NULL REFERENCES orders (id),
    sku         TEXT NOT NULL,
    name        TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity    BIGINT NOT NULL,
    PRIMARY KEY (order_id, sku)
);
