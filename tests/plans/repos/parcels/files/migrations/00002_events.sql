-- +goose Up
CREATE TABLE events (
    parcel TEXT NOT NULL REFERENCES parcels (number),
    at TIMESTAMPTZ NOT NULL,
    place TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (parcel, at, status)
);

-- +goose Down
DROP TABLE events;
