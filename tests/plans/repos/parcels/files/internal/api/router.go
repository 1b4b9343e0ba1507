// Package api answers shops over HTTP.
package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"example.org/parcels/internal/parcel"
)

type handler struct {
	service  *parcel.Service
	pageSize int
}

// Router knows all routes.
func Router(service *parcel.Service, pageSize int) http.Handler {
	h := &handler{service: service, pageSize: pageSize}
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer)
	r.Post("/parcels", h.register)
	r.Get("/parcels", h.list)
	r.Get("/parcels/{number}", h.show)
	r.Get("/parcels/{number}/events", h.events)
	return r
}
