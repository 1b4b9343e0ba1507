package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.org/parcels/internal/parcel"
)

const columns = "number, carrier, shop, status"

// Insert keeps a new parcel.
func (db *DB) Insert(ctx context.Context, p parcel.Parcel) error {
	_, err := db.pool.Exec(ctx, "INSERT INTO parcels (number, carrier, shop, status) VALUES ($1, $2, $3, $4)",
		p.Number, p.Carrier, p.Shop, p.Status)
	var known *pgconn.PgError
	if errors.As(err, &known) && known.Code == "23505" {
		return parcel.ErrKnown
	}
	return err
}

// ByNumber gives one parcel.
func (db *DB) ByNumber(ctx context.Context, number string) (parcel.Parcel, error) {
	rows, err := db.pool.Query(ctx, "SELECT "+columns+" FROM parcels WHERE number = $1", number)
	if err != nil {
		return parcel.Parcel{}, err
	}
	found, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return parcel.Parcel{}, parcel.ErrNotFound
	}
	return found, err
}

// ByShop gives a page of a shop's parcels.
func (db *DB) ByShop(ctx context.Context, shop string, offset, limit int) ([]parcel.Parcel, error) {
	rows, err := db.pool.Query(ctx,
		"SELECT "+columns+" FROM parcels WHERE shop = $1 ORDER BY number OFFSET $2 LIMIT $3", shop, offset, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// Open gives the parcels that still travel.
func (db *DB) Open(ctx context.Context) ([]parcel.Parcel, error) {
	rows, err := db.pool.Query(ctx, "SELECT "+columns+" FROM parcels WHERE status NOT IN ('delivered', 'returned')")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// SetStatus moves a parcel.
func (db *DB) SetStatus(ctx context.Context, number string, status parcel.Status) error {
	_, err := db.pool.Exec(ctx, "UPDATE parcels SET status = $2 WHERE number = $1", number, status)
	return err
}

func scan(row pgx.CollectableRow) (parcel.Parcel, error) {
	var p parcel.Parcel
	err := row.Scan(&p.Number, &p.Carrier, &p.Shop, &p.Status)
	return p, err
}
