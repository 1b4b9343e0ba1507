package encode

import (
	"bytes"
	"testing"
	"time"

	"example.org/parcels/internal/parcel"
)

func TestCSVHasAHeader(t *testing.T) {
	var out bytes.Buffer
	event := parcel.Event{Parcel: "A1", At: time.Unix(0, 0).UTC(), Place: "Oslo, Alnabru", Status: parcel.InTransit}
	if err := (csvEncoder{}).Encode(&out, []parcel.Event{event}); err != nil {
		t.Fatal(err)
	}
	want := "parcel,at,place,status\nA1,1970-01-01T00:00:00Z,\"Oslo, Alnabru\",in_transit\n"
	if out.String() != want {
		t.Fatalf("got %s", out.String())
	}
}
