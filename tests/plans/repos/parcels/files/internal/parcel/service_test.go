package parcel

import (
	"context"
	"testing"
	"time"
)

type memory struct {
	parcels map[string]Parcel
	events  []Event
	asked   int
}

func (m *memory) Insert(_ context.Context, p Parcel) error { m.parcels[p.Number] = p; return nil }

func (m *memory) ByNumber(_ context.Context, number string) (Parcel, error) {
	if p, ok := m.parcels[number]; ok {
		return p, nil
	}
	return Parcel{}, ErrNotFound
}

func (m *memory) ByShop(_ context.Context, shop string, offset, limit int) ([]Parcel, error) {
	var out []Parcel
	for _, p := range m.parcels {
		if p.Shop == shop && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, nil
}

func (m *memory) Open(context.Context) ([]Parcel, error) { return nil, nil }

func (m *memory) EventsOf(_ context.Context, number string) ([]Event, error) {
	m.asked++
	var out []Event
	for _, e := range m.events {
		if e.Parcel == number {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) AddEvent(_ context.Context, e Event) (bool, error) {
	m.events = append(m.events, e)
	return true, nil
}

func (m *memory) SetStatus(_ context.Context, number string, status Status) error {
	p := m.parcels[number]
	p.Status = status
	m.parcels[number] = p
	return nil
}

func TestListShowsTheLastEvent(t *testing.T) {
	store := &memory{parcels: map[string]Parcel{"A1": {Number: "A1", Shop: "fern"}}}
	service := NewService(store)
	for _, place := range []string{"Oslo", "Bergen"} {
		_ = service.Happened(context.Background(), Event{Parcel: "A1", At: time.Unix(1, 0), Place: place, Status: InTransit})
	}
	found, err := service.List(context.Background(), "fern", 0, 10)
	if err != nil || found[0].LastEvent.Place != "Bergen" {
		t.Fatalf("got %v, %v", found, err)
	}
}

func TestEventsOfAnUnknownParcel(t *testing.T) {
	_, err := NewService(&memory{}).Events(context.Background(), "A1")
	if err != ErrNotFound {
		t.Fatalf("got %v", err)
	}
}
