#!/bin/sh
# The part of the official image's entrypoint that our compose file uses: user, password, database, init scripts.
set -eu
export PGDATA="${PGDATA:-/var/lib/postgresql/data}" PATH="$PATH:/usr/lib/postgresql/15/bin"
if [ "${1:-postgres}" != postgres ]; then exec "$@"; fi
[ $# -eq 0 ] || shift
mkdir -p "$PGDATA"
chown -R postgres "$PGDATA"
as() { gosu postgres "$@"; }
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password && chmod 644 /tmp/password
  as initdb -U "$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 >/dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  as pg_ctl -w -o "-c listen_addresses= -c unix_socket_directories=/tmp" start >/dev/null
  export PGPASSWORD="$POSTGRES_PASSWORD"
  [ "${POSTGRES_DB:-postgres}" = postgres ] || as createdb -h /tmp -U "$POSTGRES_USER" "$POSTGRES_DB"
  for script in /docker-entrypoint-initdb.d/*.sql; do
    [ ! -f "$script" ] || as psql -h /tmp -U "$POSTGRES_USER" -d "${POSTGRES_DB:-postgres}" -v ON_ERROR_STOP=1 -f "$script"
  done
  as pg_ctl -w -m fast stop >/dev/null
fi
exec gosu postgres postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
