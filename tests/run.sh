#!/usr/bin/env bash
# Runs every test. Needs Rust, git and a C compiler; finds, installs (Debian, as root) or names what else it needs:
# PostgreSQL, and Node.js with npm for Mermaid's own parser.
#   tests/run.sh [ARGUMENTS FOR cargo test]
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in cargo git cc; do
  if ! command -v "$tool" >/dev/null; then
    echo "error: $tool is missing: install Rust (https://rustup.rs), git and a C compiler, then run this again" >&2
    exit 1
  fi
done
mermaid=target/mermaid
fail_mermaid() {
  echo "error: $1: install Node.js 18 or newer with npm, then run this again (Mermaid's own parser reads the diagrams)" >&2
  exit 1
}
if ! cmp -s tests/mermaid/package-lock.json "$mermaid/installed.json"; then
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      fail_mermaid "node or npm is missing"
    fi
    echo "installing Node.js and npm by apt-get" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } >&2 \
      || fail_mermaid "apt-get could not install Node.js and npm"
  fi
  mkdir -p "$mermaid"
  cp tests/mermaid/package.json tests/mermaid/package-lock.json "$mermaid/"
  npm ci --prefix "$mermaid" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || fail_mermaid "npm ci failed"
  cp tests/mermaid/package-lock.json "$mermaid/installed.json"
fi
# Generated documents are the same in every run, so that a change is judged by what it changes. Another number looks
# further: PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000 tests/run.sh richtext::
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261121}"
exec tests/with-postgres.sh cargo test --locked "$@"
