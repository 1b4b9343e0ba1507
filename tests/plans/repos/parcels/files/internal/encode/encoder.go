// Package encode writes events in the formats that shops ask for.
package encode

import (
	"io"

	"example.org/parcels/internal/parcel"
)

// Encoder writes events in one format.
type Encoder interface {
	ContentType() string
	Encode(w io.Writer, events []parcel.Event) error
}

var encoders = map[string]Encoder{
	"json": jsonEncoder{},
	"csv":  csvEncoder{},
}

// ByName gives the encoder of a format.
func ByName(name string) (Encoder, bool) {
	encoder, ok := encoders[name]
	return encoder, ok
}
