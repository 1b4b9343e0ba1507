package encode

import (
	"bytes"
	"testing"

	"example.org/parcels/internal/parcel"
)

func TestJSONIsOneObject(t *testing.T) {
	var out bytes.Buffer
	if err := (jsonEncoder{}).Encode(&out, []parcel.Event{}); err != nil {
		t.Fatal(err)
	}
	if out.String() != "{\"events\":[]}\n" {
		t.Fatalf("got %s", out.String())
	}
}
