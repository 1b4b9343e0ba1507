#!/usr/bin/env bash
# Runs every test. Needs Rust, git and a C compiler; finds, installs (Debian, as root) or names what else it needs.
#   tests/run.sh [ARGUMENTS FOR cargo test]
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in cargo git cc; do
  if ! command -v "$tool" >/dev/null; then
    echo "error: $tool is missing: install Rust (https://rustup.rs), git and a C compiler, then run this again" >&2
    exit 1
  fi
done
# Generated documents are the same in every run, so that a change is judged by what it changes. Another number looks
# further: PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000 tests/run.sh richtext::
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261121}"
exec tests/with-postgres.sh cargo test --locked "$@"
