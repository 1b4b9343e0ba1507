// Package parcel holds parcels and what happens to them.
package parcel

import (
	"errors"
	"time"
)

// ErrNotFound says that no parcel has this number.
var ErrNotFound = errors.New("parcel not found")

// ErrKnown says that the number is registered already.
var ErrKnown = errors.New("parcel known")

// Parcel is followed until it is delivered.
type Parcel struct {
	Number    string `json:"number"`
	Carrier   string `json:"carrier"`
	Shop      string `json:"shop"`
	Status    Status `json:"status"`
	LastEvent *Event `json:"last_event,omitempty"`
}

// Event is something that a carrier said.
type Event struct {
	Parcel string    `json:"parcel"`
	At     time.Time `json:"at"`
	Place  string    `json:"place"`
	Status Status    `json:"status"`
}
