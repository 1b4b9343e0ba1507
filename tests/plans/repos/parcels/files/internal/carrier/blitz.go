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

// Blitz answers with the last position only.
type Blitz struct {
	url    string
	client *http.Client
}

type blitzPosition struct {
	Hub       string `json:"hub"`
	Unix      int64  `json:"unix"`
	Delivered bool   `json:"delivered"`
}

// Name is the carrier's name in the configuration.
func (b *Blitz) Name() string { return "blitz" }

// Track asks for the last position.
func (b *Blitz) Track(ctx context.Context, number string) ([]parcel.Event, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/positions/"+url.PathEscape(number), nil)
	if err != nil {
		return nil, err
	}
	response, err := b.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("blitz: %w", err)
	}
	defer response.Body.Close()
	var position blitzPosition
	if err := json.NewDecoder(response.Body).Decode(&position); err != nil {
		return nil, fmt.Errorf("blitz: %w", err)
	}
	status := parcel.InTransit
	if position.Delivered {
		status = parcel.Delivered
	}
	return []parcel.Event{{Parcel: number, At: time.Unix(position.Unix, 0), Place: position.Hub, Status: status}}, nil
}
