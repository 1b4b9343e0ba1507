CREATE TABLE gift_cards (
    code          TEXT PRIMARY KEY,
    balance_cents BIGINT NOT NULL CHECK (balance_cents >= 0)
);

ALTER TABLE carts ADD COLUMN gift_card TEXT REFERENCES gift_cards (code);
ALTER TABLE orders ADD COLUMN gift_card_cents BIGINT NOT NULL DEFAULT 0;
