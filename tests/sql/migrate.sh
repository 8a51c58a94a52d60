#!/usr/bin/env bash
# What `marketcross migrate` does and refuses, on databases of the scratch cluster that run_c.sh started.
set -euo pipefail
program=$MC_TEST_PROGRAM

conninfo() { echo "host=$MC_TEST_SOCKET user=mc_migrate dbname=$1"; }
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$MC_TEST_SOCKET" -U postgres -d "$@"; }

# expect CODE TEXT DATABASE [OPTION…]: exit code, and a piece of what is said.
expect() {
  local code=$1 text=$2 database=$3 said got=0
  shift 3
  said=$("$program" migrate --database "$(conninfo "$database")" "$@" 2>&1) || got=$?
  [ "$got" = "$code" ] || { echo "migrate $database $*: exit $got, expected $code: $said" >&2; exit 1; }
  [[ $said == *"$text"* ]] || { echo "migrate $database $*: said \"$said\", expected \"$text\"" >&2; exit 1; }
}

config/cluster.sh database "$MC_TEST_DIR" mig
expect 0 "would apply 0001-core" mig --dry-run
[ "$(sql mig -c "SELECT to_regnamespace('mc') IS NULL")" = t ] || { echo "a dry run changed the database" >&2; exit 1; }

# Two at once: one waits for the other, then finds nothing to do.
"$program" migrate --database "$(conninfo mig)" >"$MC_TEST_DIR/one" &
"$program" migrate --database "$(conninfo mig)" >"$MC_TEST_DIR/two"
wait $!
[ "$(cat "$MC_TEST_DIR/one" "$MC_TEST_DIR/two" | grep -c '^applied 0001-core$')" = 1 ]
grep -q '^nothing to do$' "$MC_TEST_DIR/one" "$MC_TEST_DIR/two"
expect 0 "nothing to do" mig
expect 0 "nothing to do" mig --dry-run
[ "$(sql mig -c "SELECT tableowner FROM pg_tables WHERE schemaname = 'mc' AND tablename = 'migration'")" = mc_owner ]

# The set is re-created when its hash differs, and only then.
sql mig -c "UPDATE mc.migration SET sha256 = 'other' WHERE number = 0" -c "DROP FUNCTION mc.outbox(text, jsonb[])"
expect 0 "would re-create functions and views" mig --dry-run
expect 0 "re-creating functions and views" mig
[ "$(sql mig -c "SELECT to_regprocedure('mc.outbox(text, jsonb[])') IS NOT NULL")" = t ]
expect 0 "nothing to do" mig

sql mig -c "UPDATE mc.migration SET sha256 = 'x' WHERE number = 1"
expect 1 "0001-core was changed after it was applied" mig
sql mig -c "UPDATE mc.migration SET name = '0001-other' WHERE number = 1"
expect 1 "0001-other was applied to this database" mig

# A migration may stand for a text of itself that was applied before; for no other.
replaced=$(sed -n 's/^-- replaces: //p' sql/migrations/0107-statements-in-pieces.sql)
sql mig -c "UPDATE mc.migration m SET name = '0001-core', sha256 = '$(sha256sum sql/migrations/0001-core.sql | cut -c1-64)' WHERE number = 1" \
  -c "UPDATE mc.migration SET sha256 = '$replaced' WHERE number = 107"
expect 0 "nothing to do" mig
sql mig -c "UPDATE mc.migration SET sha256 = '${replaced%?}' WHERE number = 107"
expect 1 "0107-statements-in-pieces was changed after it was applied" mig

# A database of an older release, with a council and what it had imported, is brought to this one: no migration stands on a function that is made after it.
config/cluster.sh database "$MC_TEST_DIR" older
sql older -c "CREATE SCHEMA mc AUTHORIZATION mc_owner" -c "CREATE TABLE mc.migration (number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), views text[] NOT NULL DEFAULT '{}')" -c "ALTER TABLE mc.migration OWNER TO mc_owner"
for f in sql/migrations/*.sql; do
  [[ $f < sql/migrations/0107 ]] || continue
  name=$(basename "$f" .sql)
  psql -X -q -v ON_ERROR_STOP=1 -1 -h "$MC_TEST_SOCKET" -U mc_migrate -d older -c 'SET ROLE mc_owner' -f "$f" \
    -c "INSERT INTO mc.migration (number, name, sha256) VALUES (${name%%-*}, '$name', '$(sha256sum "$f" | cut -c1-64)')" >/dev/null 2>&1 || { echo "$f alone fails" >&2; exit 1; }
done
sql older -c "SET session_replication_role = replica" -c "INSERT INTO identity.council (id, name, slug, phone, email) VALUES (901, 'Older', 'older', '01632 960000', 'older@example.org')" \
  -c "INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes) VALUES (901, 'AAAA-BBBB', 'statement', 'a.csv', sha256('a'), 'a')" \
  -c "INSERT INTO mc.idempotency (council_id, account_id, key, verb, request_sha256, answer) VALUES (901, 0, md5('file 901 AAAA-BBBB')::uuid, 'statement_import', 'as it was', '{}')"
expect 0 "applied 0107-statements-in-pieces" older
[ "$(sql older -c "SELECT set_config('mc.council', '901', false)" -c "SELECT request_sha256 = mc.idem_hash('statement_import', jsonb_build_object('file', 'AAAA-BBBB', 'sha256', encode(sha256('a'), 'hex'))) AND key = jobs.file_key(901, 'AAAA-BBBB') FROM mc.idempotency" | tail -1)" = t ] ||
  { echo "what was imported is not known by its new name" >&2; exit 1; }

# A migration that fails leaves nothing of itself: here because its schema is already there.
config/cluster.sh database "$MC_TEST_DIR" half
sql half -c "CREATE SCHEMA payments"
expect 1 'schema "payments" already exists' half
[ "$(sql half -c "SELECT count(*) FROM mc.migration")" = 0 ]
[ "$(sql half -c "SELECT to_regnamespace('identity') IS NULL")" = t ]

got=0
"$program" migrate --database "host=/nowhere" 2>/dev/null || got=$?
[ "$got" = 69 ]
got=0
"$program" migrate 2>/dev/null || got=$?
[ "$got" = 64 ]
echo "migrate: all as expected"
