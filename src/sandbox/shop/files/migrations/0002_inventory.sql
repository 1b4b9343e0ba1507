CREATE TABLE stock (
    sku       TEXT PRIMARY KEY REFERENCES products (sku),
    on_hand   BIGINT NOT NULL CHECK (on_hand >= 0)
);

CREATE TABLE stock_movements (
    id        BIGSERIAL PRIMARY KEY,
    sku       TEXT NOT NULL REFERENCES products (sku),
    change    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    booked_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
