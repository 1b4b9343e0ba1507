package parcel

// Status is where a parcel stands.
type Status string

// The statuses, in the order of a parcel's way.
const (
	Announced Status = "announced"
	InTransit Status = "in_transit"
	Delivered Status = "delivered"
	Returned  Status = "returned"
)

var rank = map[Status]int{Announced: 0, InTransit: 1, Delivered: 2, Returned: 2}

// After says whether a parcel may go from s to next: never backwards.
func (s Status) After(next Status) bool {
	return rank[next] >= rank[s]
}
