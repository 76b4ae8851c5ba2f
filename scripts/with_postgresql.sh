#!/bin/sh
# Runs a command with a PostgreSQL server of its own, which is gone afterwards. Usage: sh scripts/with_postgresql.sh COMMAND ...
# CHOROK_DATABASE then holds the server's address. Needs Debian's postgresql package, no running server and no rights.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    echo "There is no PostgreSQL server on this machine. Install it: apt-get install postgresql" >&2
    exit 1
fi

place=$(mktemp -d /tmp/chorok-postgresql.XXXXXX)
as=""
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root; its package made a user for it.
    chown postgres "$place"
    as="runuser -u postgres --"
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
stop() {
    (cd "$place" && $as "$bin/pg_ctl" -D "$place/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$place"
}
trap stop EXIT INT TERM

(
    cd "$place"
    $as "$bin/initdb" -D "$place/data" -U chorok -A trust -E UTF8 --no-locale --no-sync >"$place/log" 2>&1
    $as "$bin/pg_ctl" -D "$place/data" -w -l "$place/data/log" -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$place -c max_connections=200 \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" \
        start >/dev/null
) || { cat "$place/log" >&2; exit 1; }

export CHOROK_DATABASE="postgresql://chorok@127.0.0.1:$port/postgres"
"$@"
