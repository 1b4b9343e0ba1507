package encode

import (
	"encoding/csv"
	"io"
	"time"

	"example.org/parcels/internal/parcel"
)

type csvEncoder struct{}

func (csvEncoder) ContentType() string { return "text/csv; charset=utf-8" }

func (csvEncoder) Encode(w io.Writer, events []parcel.Event) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"parcel", "at", "place", "status"})
	for _, e := range events {
		_ = out.Write([]string{e.Parcel, e.At.Format(time.RFC3339), e.Place, string(e.Status)})
	}
	out.Flush()
	return out.Error()
}
