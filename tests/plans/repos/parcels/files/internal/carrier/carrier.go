// Package carrier asks carriers where parcels are.
package carrier

import (
	"context"
	"net/http"

	"example.org/parcels/internal/config"
	"example.org/parcels/internal/parcel"
)

// Carrier knows where its parcels are.
type Carrier interface {
	Name() string
	Track(ctx context.Context, number string) ([]parcel.Event, error)
}

// All gives the configured carriers by name.
func All(configured map[string]config.Carrier) map[string]Carrier {
	out := map[string]Carrier{}
	for name, c := range configured {
		client := &http.Client{Timeout: c.Timeout}
		switch name {
		case "nordpost":
			out[name] = &Nordpost{url: c.URL, client: client}
		case "blitz":
			out[name] = &Blitz{url: c.URL, client: client}
		}
	}
	return out
}
