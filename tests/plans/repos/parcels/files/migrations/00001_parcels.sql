-- +goose Up
CREATE TABLE parcels (
    number TEXT PRIMARY KEY,
    carrier TEXT NOT NULL,
    shop TEXT NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX parcels_by_shop ON parcels (shop, number);

-- +goose Down
DROP TABLE parcels;
