CREATE TABLE products (
    sku         TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    on_sale     BOOLEAN NOT NULL DEFAULT TRUE
);

INSERT INTO products (sku, name, price_cents) VALUES
    ('MUG-ENAMEL', 'Enamel mug', 2400),
    ('TENT-2P', 'Tent for two', 24900),
    ('LAMP-HEAD', 'Head lamp', 3990);
