package api

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"example.org/parcels/internal/parcel"
)

type registerRequest struct {
	Number  string `json:"number"`
	Carrier string `json:"carrier"`
	Shop    string `json:"shop"`
}

func (h *handler) register(w http.ResponseWriter, r *http.Request) {
	var body registerRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		fail(w, http.StatusBadRequest, "the body is not JSON")
		return
	}
	made, err := h.service.Register(r.Context(), parcel.Parcel{Number: body.Number, Carrier: body.Carrier, Shop: body.Shop})
	if err != nil {
		failWith(w, err)
		return
	}
	answer(w, http.StatusCreated, made)
}

// list gives the parcels of a shop with the last event of each.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	found, err := h.service.List(r.Context(), r.URL.Query().Get("shop"), page, h.pageSize)
	if err != nil {
		failWith(w, err)
		return
	}
	answer(w, http.StatusOK, found)
}

func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	found, err := h.service.Find(r.Context(), chi.URLParam(r, "number"))
	if err != nil {
		failWith(w, err)
		return
	}
	answer(w, http.StatusOK, found)
}
