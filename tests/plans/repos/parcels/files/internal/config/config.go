// Package config reads the configuration file.
package config

import (
	"fmt"
	"os"
	"time"

	"gopkg.in/yaml.v3"
)

// Config is what the file may say.
type Config struct {
	Listen      string             `yaml:"listen"`
	DatabaseURL string             `yaml:"database_url"`
	PollEvery   time.Duration      `yaml:"poll_every"`
	PageSize    int                `yaml:"page_size"`
	Carriers    map[string]Carrier `yaml:"carriers"`
}

// Carrier says where a carrier is asked.
type Carrier struct {
	URL     string        `yaml:"url"`
	Timeout time.Duration `yaml:"timeout"`
}

// Load reads a file.
func Load(path string) (Config, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	var cfg Config
	if err := yaml.Unmarshal(raw, &cfg); err != nil {
		return Config{}, fmt.Errorf("parse %s: %w", path, err)
	}
	return cfg, nil
}
