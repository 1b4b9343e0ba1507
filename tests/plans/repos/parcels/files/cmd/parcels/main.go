package main

import (
	"context"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"

	"example.org/parcels/internal/api"
	"example.org/parcels/internal/carrier"
	"example.org/parcels/internal/config"
	"example.org/parcels/internal/parcel"
	"example.org/parcels/internal/store"
	"example.org/parcels/internal/worker"
)

func main() {
	path := flag.String("config", "config/default.yaml", "configuration file")
	flag.Parse()
	cfg, err := config.Load(*path)
	if err != nil {
		slog.Error("cannot start", "err", err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	db, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		slog.Error("no database", "err", err)
		os.Exit(1)
	}
	service := parcel.NewService(db)
	poller := worker.NewPoller(service, carrier.All(cfg.Carriers), cfg.PollEvery)
	go poller.Run(ctx)
	server := &http.Server{Addr: cfg.Listen, Handler: api.Router(service, cfg.PageSize)}
	go func() { <-ctx.Done(); _ = server.Shutdown(context.Background()) }()
	_ = server.ListenAndServe()
}
