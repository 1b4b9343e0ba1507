package carrier

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"example.org/parcels/internal/parcel"
)

// Nordpost answers with all scans of a parcel.
type Nordpost struct {
	url    string
	client *http.Client
}

type nordpostScan struct {
	When  time.Time `json:"when"`
	Where string    `json:"where"`
	Code  string    `json:"code"`
}

var nordpostCodes = map[string]parcel.Status{
	"PRE": parcel.Announced,
	"TRA": parcel.InTransit,
	"DEL": parcel.Delivered,
	"RET": parcel.Returned,
}

// Name is the carrier's name in the configuration.
func (n *Nordpost) Name() string { return "nordpost" }

// Track asks for the scans of a parcel.
func (n *Nordpost) Track(ctx context.Context, number string) ([]parcel.Event, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url+"/track/"+url.PathEscape(number), nil)
	if err != nil {
		return nil, err
	}
	response, err := n.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("nordpost: %w", err)
	}
	defer response.Body.Close()
	var scans []nordpostScan
	if err := json.NewDecoder(response.Body).Decode(&scans); err != nil {
		return nil, fmt.Errorf("nordpost: %w", err)
	}
	return nordpostEvents(number, scans), nil
}

func nordpostEvents(number string, scans []nordpostScan) []parcel.Event {
	events := make([]parcel.Event, 0, len(scans))
	for _, scan := range scans {
		status, ok := nordpostCodes[scan.Code]
		if !ok {
			continue
		}
		events = append(events, parcel.Event{Parcel: number, At: scan.When, Place: scan.Where, Status: status})
	}
	return events
}
