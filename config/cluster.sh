#!/usr/bin/env bash
# A private PostgreSQL 15 cluster in one folder: unix socket only, peer authentication, run as an unprivileged user even for root.
#   config/cluster.sh start DIR     makes it when it is not there; prints the socket folder
#   config/cluster.sh stop DIR
#   config/cluster.sh database DIR NAME   makes an empty database owned by mc_owner
# Every other cluster on the machine is left alone: nothing listens on a port, and only the postmaster of DIR is signalled.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
command=${1:?start, stop or database}
mkdir -p "${2:?folder}"
dir=$(cd "$2" && pwd)
me=$(id -un)
if [ "$me" = root ]; then owner=postgres; else owner=$me; fi

# When root's checkout lies where the owner may not look, the data lives elsewhere and DIR holds a link to it.
place_data() {
  if [ -e "$dir/data" ] || [ -L "$dir/data" ]; then return; fi
  if [ "$me" = root ] && ! setpriv --reuid "$owner" --regid "$owner" --clear-groups test -x "$dir"; then
    elsewhere=/var/lib/marketcross/$(printf %s "$dir" | sha256sum | cut -c1-12)
    install -d -m 711 /var/lib/marketcross
    install -d -o "$owner" -m 711 "$elsewhere"
    ln -s "$elsewhere" "$dir/data"
  else
    install -d -m 711 "$dir/data"
    if [ "$me" = root ]; then chown "$owner" "$dir/data"; fi
  fi
}

as_owner() {
  if [ "$me" = root ]; then
    (cd / && setpriv --reuid "$owner" --regid "$owner" --init-groups "$@")
  else
    "$@"
  fi
}

make_cluster() {
  as_owner "$bin/initdb" -D "$home/pg" -U postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=peer --no-sync >"$dir/initdb.log" 2>&1 ||
    { cat "$dir/initdb.log" >&2; exit 1; }
  as_owner install -d -m 700 "$home/socket"
  as_owner tee -a "$home/pg/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$home/socket'
max_connections = 120
shared_buffers = 128MB
log_min_messages = warning
timezone = 'UTC'
datestyle = 'iso, dmy'
max_wal_size = 1GB
jit = off
CONF
  as_owner tee "$home/pg/pg_hba.conf" >/dev/null <<<"local all all peer map=mc"
  for user in $(printf '%s\n' root "$owner" "$me" | sort -u); do
    for role in postgres mc_migrate mc_web mc_jobs mc_verify; do echo "mc $user $role"; done
  done | as_owner tee "$home/pg/pg_ident.conf" >/dev/null
}

start() {
  place_data
  home=$(cd "$dir/data" && pwd -P)
  [ -s "$home/pg/PG_VERSION" ] || { make_cluster; new=yes; }
  if ! as_owner "$bin/pg_ctl" -D "$home/pg" status >/dev/null 2>&1; then
    as_owner "$bin/pg_ctl" -D "$home/pg" -l "$home/pg.log" -w -s start ${MC_PG_OPTIONS:+-o "$MC_PG_OPTIONS"} </dev/null >/dev/null ||
      { tail -20 "$home/pg.log" >&2; exit 1; }
  fi
  if [ "${new:-}" = yes ]; then
    psql -X -q -v ON_ERROR_STOP=1 -h "$home/socket" -U postgres -d postgres <<'SQL'
CREATE ROLE mc_owner NOLOGIN;
CREATE ROLE mc_migrate LOGIN IN ROLE mc_owner;
CREATE ROLE mc_web LOGIN;
CREATE ROLE mc_jobs LOGIN;
CREATE ROLE mc_verify LOGIN;
SQL
  fi
  echo "$home/socket"
}

case $command in
start) start ;;
stop)
  home=$(cd "$dir/data" && pwd -P)
  as_owner "$bin/pg_ctl" -D "$home/pg" -m fast -w -s stop ;;
database)
  home=$(cd "$dir/data" && pwd -P)
  name=${3:?name}
  psql -X -q -v ON_ERROR_STOP=1 -h "$home/socket" -U postgres -d postgres -v name="$name" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER mc_owner TEMPLATE template0 ENCODING ''UTF8''', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO mc_migrate, mc_web, mc_jobs, mc_verify', :'name') \gexec
SQL
  ;;
*) echo "unknown command $command: use start, stop or database" >&2; exit 64 ;;
esac
