#!/usr/bin/env bash
# Runs a command with a PostgreSQL server for the tests: tests/postgres.sh dotnet test
#
# The command finds the server's connection string in CHATAKKA_POSTGRES. If that is set already, its server is used (the tests make
# databases of their own there, named chatakka_test_*, and remove them). Else a private server is started from the installed binaries, in a
# temporary directory and on a free port of the loopback interface, and ended and removed with the command. Where none are installed,
# Debian's package is, which takes root.
set -euo pipefail

if [ $# -eq 0 ]; then
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 2
fi

if [ -n "${CHATAKKA_POSTGRES:-}" ]; then
    exec "$@"
fi

# The newest initdb; empty if there is none. Debian keeps it out of PATH.
binaries() {
    { command -v initdb || find /usr/lib/postgresql /usr/pgsql-* -name initdb -path '*/bin/*' 2>/dev/null || true; } | sort -V | tail -n 1
}

initdb=$(binaries)
if [ -z "$initdb" ]; then
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        echo "PostgreSQL isn't installed. Install it, or set CHATAKKA_POSTGRES to the connection string of a server." >&2
        exit 1
    fi

    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql >&2 ||
        { apt-get update >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql >&2; }
    initdb=$(binaries)
    if [ -z "$initdb" ]; then
        echo "PostgreSQL was installed, but its initdb isn't where it is expected." >&2
        exit 1
    fi
fi

bin=$(dirname "$initdb")
dir=$(mktemp -d "${TMPDIR:-/tmp}/chatakka-postgres.XXXXXX")

# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$dir"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

stop() {
    (cd / && "${as[@]}" "$bin/pg_ctl" stop -D "$dir/data" -m immediate -s) || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() (
    cd /
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        if "${as[@]}" "$bin/pg_ctl" start -D "$dir/data" -l "$dir/log" -w -s \
            -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=300 -c logging_collector=off" >&2; then
            echo "$port"
            return
        fi
    done

    cat "$dir/log" >&2
    exit 1
)

(cd / && "${as[@]}" "$bin/initdb" -D "$dir/data" -U chatakka -A trust -E UTF8 --locale=C >/dev/null)
port=$(start)
export CHATAKKA_POSTGRES="Host=127.0.0.1;Port=$port;Username=chatakka;Database=postgres"
"$@"
