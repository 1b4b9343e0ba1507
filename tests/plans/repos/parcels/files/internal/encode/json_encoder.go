package encode

import (
	"encoding/json"
	"io"

	"example.org/parcels/internal/parcel"
)

type jsonEncoder struct{}

func (jsonEncoder) ContentType() string { return "application/json" }

func (jsonEncoder) Encode(w io.Writer, events []parcel.Event) error {
	return json.NewEncoder(w).Encode(map[string]any{"events": events})
}
