package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.org/parcels/internal/encode"
)

// events exports what happened to a parcel; ?format= names an encoder.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("format")
	if name == "" {
		name = "json"
	}
	encoder, ok := encode.ByName(name)
	if !ok {
		fail(w, http.StatusBadRequest, "unknown format "+name)
		return
	}
	events, err := h.service.Events(r.Context(), chi.URLParam(r, "number"))
	if err != nil {
		failWith(w, err)
		return
	}
	w.Header().Set("Content-Type", encoder.ContentType())
	_ = encoder.Encode(w, events)
}
