package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"example.org/parcels/internal/parcel"
)

// EventsOf gives the events of a parcel, oldest first.
func (db *DB) EventsOf(ctx context.Context, number string) ([]parcel.Event, error) {
	rows, err := db.pool.Query(ctx, "SELECT parcel, at, place, status FROM events WHERE parcel = $1 ORDER BY at", number)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (parcel.Event, error) {
		var e parcel.Event
		err := row.Scan(&e.Parcel, &e.At, &e.Place, &e.Status)
		return e, err
	})
}

// AddEvent keeps an event; false when it was known.
func (db *DB) AddEvent(ctx context.Context, e parcel.Event) (bool, error) {
	done, err := db.pool.Exec(ctx,
		"INSERT INTO events (parcel, at, place, status) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		e.Parcel, e.At, e.Place, e.Status)
	return done.RowsAffected() == 1, err
}
