package parcel

import "testing"

func TestDeliveredDoesNotGoBack(t *testing.T) {
	if Delivered.After(InTransit) {
		t.Fatal("a delivered parcel went back in transit")
	}
}

func TestReturnedComesAfterInTransit(t *testing.T) {
	if !InTransit.After(Returned) {
		t.Fatal("a parcel could not be returned")
	}
}
