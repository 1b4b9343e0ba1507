package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"example.org/parcels/internal/parcel"
)

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}

func failWith(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, parcel.ErrNotFound):
		fail(w, http.StatusNotFound, "no such parcel")
	case errors.Is(err, parcel.ErrKnown):
		fail(w, http.StatusConflict, "this parcel is registered already")
	default:
		slog.Error("request failed", "err", err)
		fail(w, http.StatusInternalServerError, "something went wrong")
	}
}
