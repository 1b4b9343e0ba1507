package carrier

import (
	"testing"

	"example.org/parcels/internal/parcel"
)

func TestNordpostSkipsUnknownCodes(t *testing.T) {
	events := nordpostEvents("A1", []nordpostScan{{Code: "TRA"}, {Code: "XYZ"}})
	if len(events) != 1 || events[0].Status != parcel.InTransit {
		t.Fatalf("got %v", events)
	}
}
