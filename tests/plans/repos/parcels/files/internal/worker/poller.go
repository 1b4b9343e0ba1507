// Package worker asks carriers on a schedule.
package worker

import (
	"context"
	"log/slog"
	"time"

	"example.org/parcels/internal/carrier"
	"example.org/parcels/internal/parcel"
)

// Poller asks the carriers of all parcels that still travel.
type Poller struct {
	service  *parcel.Service
	carriers map[string]carrier.Carrier
	every    time.Duration
}

// NewPoller makes a poller.
func NewPoller(service *parcel.Service, carriers map[string]carrier.Carrier, every time.Duration) *Poller {
	return &Poller{service: service, carriers: carriers, every: every}
}

// Run asks until the context ends.
func (p *Poller) Run(ctx context.Context) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for {
		p.round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round asks for each open parcel once. What one carrier fails to say does not keep others waiting.
func (p *Poller) round(ctx context.Context) {
	open, err := p.service.Open(ctx)
	if err != nil {
		slog.Error("cannot list open parcels", "err", err)
		return
	}
	for _, open := range open {
		c, ok := p.carriers[open.Carrier]
		if !ok {
			continue
		}
		events, err := c.Track(ctx, open.Number)
		if err != nil {
			slog.Warn("carrier did not answer", "carrier", open.Carrier, "parcel", open.Number, "err", err)
			continue
		}
		for _, event := range events {
			if err := p.service.Happened(ctx, event); err != nil {
				slog.Error("event lost", "parcel", open.Number, "err", err)
			}
		}
	}
}
