package parcel

import (
	"context"
	"fmt"
)

// Store keeps parcels and events.
type Store interface {
	Insert(ctx context.Context, parcel Parcel) error
	ByNumber(ctx context.Context, number string) (Parcel, error)
	ByShop(ctx context.Context, shop string, offset, limit int) ([]Parcel, error)
	Open(ctx context.Context) ([]Parcel, error)
	EventsOf(ctx context.Context, number string) ([]Event, error)
	AddEvent(ctx context.Context, event Event) (bool, error)
	SetStatus(ctx context.Context, number string, status Status) error
}

// Service holds the rules.
type Service struct{ store Store }

// NewService makes a service on a store.
func NewService(store Store) *Service { return &Service{store: store} }

// Register starts to follow a parcel.
func (s *Service) Register(ctx context.Context, parcel Parcel) (Parcel, error) {
	parcel.Status = Announced
	if err := s.store.Insert(ctx, parcel); err != nil {
		return Parcel{}, fmt.Errorf("register %s: %w", parcel.Number, err)
	}
	return parcel, nil
}

// Find gives one parcel.
func (s *Service) Find(ctx context.Context, number string) (Parcel, error) {
	return s.store.ByNumber(ctx, number)
}

// List gives a page of a shop's parcels, each with its last event.
func (s *Service) List(ctx context.Context, shop string, page, size int) ([]Parcel, error) {
	found, err := s.store.ByShop(ctx, shop, page*size, size)
	if err != nil {
		return nil, err
	}
	for i := range found {
		events, err := s.store.EventsOf(ctx, found[i].Number)
		if err != nil {
			return nil, err
		}
		if len(events) > 0 {
			found[i].LastEvent = &events[len(events)-1]
		}
	}
	return found, nil
}

// Events gives what happened to a parcel, oldest first.
func (s *Service) Events(ctx context.Context, number string) ([]Event, error) {
	if _, err := s.store.ByNumber(ctx, number); err != nil {
		return nil, err
	}
	return s.store.EventsOf(ctx, number)
}

// Open gives the parcels that still travel.
func (s *Service) Open(ctx context.Context) ([]Parcel, error) { return s.store.Open(ctx) }

// Happened keeps an event and moves the parcel on; an event that is known changes nothing.
func (s *Service) Happened(ctx context.Context, event Event) error {
	isNew, err := s.store.AddEvent(ctx, event)
	if err != nil || !isNew {
		return err
	}
	parcel, err := s.store.ByNumber(ctx, event.Parcel)
	if err != nil {
		return err
	}
	if !parcel.Status.After(event.Status) {
		return nil
	}
	return s.store.SetStatus(ctx, event.Parcel, event.Status)
}
