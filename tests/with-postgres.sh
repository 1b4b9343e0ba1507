#!/bin/sh
# Runs a command with a throw-away PostgreSQL beside it:
#
#     tests/with-postgres.sh cargo test
#
# The command finds the server under PLANWRIGHT_TEST_POSTGRES_URL. The script uses the PostgreSQL of this machine, or
# on Debian as root installs it. Nothing of the server remains, and the script exits as the command did.
set -eu

fail() {
    printf 'with-postgres: %s\n' "$1" >&2
    exit 69
}

[ $# -gt 0 ] || fail 'name the command to run, such as: tests/with-postgres.sh cargo test'
if [ -n "${PLANWRIGHT_TEST_POSTGRES_URL:-}" ]; then
    exec "$@"
fi

# The newest folder that holds the server's programs; Debian keeps them out of PATH.
programs() {
    for found in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n -r) \
        /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        "$(dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")"; do
        if [ -x "$found/initdb" ] && [ -x "$found/pg_ctl" ]; then
            printf '%s\n' "$found"
            return
        fi
    done
}

bin=$(programs)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'with-postgres: installing PostgreSQL by apt-get\n' >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >&2 ||
        fail 'apt-get could not install PostgreSQL'
    bin=$(programs)
fi
[ -n "$bin" ] || fail 'PostgreSQL is missing: install its server (Debian: apt-get install postgresql; macOS: brew install postgresql), or set PLANWRIGHT_TEST_POSTGRES_URL to a server where databases may be made'

# The server refuses to run as root.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}
if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
    fail 'the user postgres is missing, and the server does not run as root: run this as another user'
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/planwright-pg.XXXXXX")
clean() {
    code=$?
    trap - EXIT INT TERM
    (cd / && as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop) >/dev/null 2>&1 || true
    rm -rf "$folder"
    exit "$code"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi

# Only a socket in our own folder: no port is taken, nobody else can connect.
start() {
    cd /
    as_server "$bin/initdb" -D "$folder/data" -U planwright -A trust -E UTF8 --no-locale --no-sync
    as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start -o "-c listen_addresses='' \
        -c unix_socket_directories='$folder' -c fsync=off -c max_connections=400 -c shared_buffers=64MB"
}
(start) >"$folder/start" 2>&1 || {
    cat "$folder/start" "$folder/log" >&2 2>/dev/null || true
    fail 'PostgreSQL did not start'
}

PLANWRIGHT_TEST_POSTGRES_URL="postgres://planwright@localhost/postgres?host=$folder"
export PLANWRIGHT_TEST_POSTGRES_URL
"$@"
