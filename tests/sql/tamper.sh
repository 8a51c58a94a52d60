#!/usr/bin/env bash
# Plants corruptions in log and ledger and expects `marketcross verify` to name every one: 210 in the rows (tests/sql/tamper/plant.sql), and the two that
# need a copy of the head outside (--anchor): the tail cut off, and the whole chain written anew from a block on. CALLS=1900: how much there is to corrupt.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=${MC_SCRATCH:-build/scratch-tamper}
rm -rf "$dir"
socket=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
config/cluster.sh database "$dir" mc
build/release/marketcross migrate --database "host=$socket user=mc_migrate dbname=mc" >/dev/null
admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc "$@"; }
verify() { build/release/marketcross verify --database "host=$socket user=mc_verify dbname=mc" "$@" 2>/dev/null; }
failed=0
said=0
is() { said=$((said + 1)); if [ "$2" = "$3" ]; then echo "ok $said - $1"; else echo "not ok $said - $1: wanted $2, got $3"; failed=1; fi; }
seal() { admin -c "BEGIN; SELECT set_config('mc.council', '901', true); SELECT audit.seal_next(); COMMIT" >/dev/null; }

admin -v people=32 -c BEGIN -f tests/sql/fixture.psql -f tests/bench/model/setup.sql -c COMMIT >/dev/null
build/release/tests/bench/model "host=$socket dbname=mc" "${CALLS:-1900}" 8 1 >/dev/null
# Eight blocks, the first of which holds nearly everything.
for seed in 1 2 3 4 5 6 7 8; do
  admin -c "BEGIN; SELECT be('commissioner'); SELECT payments.budget_freeze(gen_random_uuid(), jsonb_build_object('budget', ref('b_m$seed'), 'freeze', true, 'reason', 'round $seed')); COMMIT" >/dev/null
  seal
done
is 'before anything is touched, nothing is found' 'Log and ledger are whole.' "$(verify || true)"
admin -c ANALYZE -c "SET client_min_messages = error" -f tests/sql/tamper/plant.sql
is 'corruptions planted' 210 "$(admin -c 'SELECT count(*) FROM t_planted')"
is 'and named' "$(admin -c 'SELECT count(*) FROM t_planted')" "$(admin -c 'SELECT count(*) FILTER (WHERE is_named) FROM t_planted')"
admin -F ': ' -c "SELECT sort, place, touched, left(findings, 120) FROM t_planted WHERE NOT is_named ORDER BY 1, 2"
is 'all undone' 'Log and ledger are whole.' "$(verify || true)"

# What stands in the anchor file is what the jobs process appends every hour.
admin -c "SELECT '2026-11-22T00:00:00Z council=' || council_id || ' block=' || block || ' sha256=' || encode(sha256, 'hex') FROM audit.seal ORDER BY block" >"$dir/anchor"
is 'the anchors hold' 'Log and ledger are whole.' "$(verify --anchor "$dir/anchor" || true)"
: >"$dir/empty"
verify --anchor "$dir/empty" >/dev/null && code=0 || code=$?
is 'an anchor file without an anchor is no proof' 69 "$code"

# Both changes are made so that the rows alone agree with each other.
admin -c "SET session_replication_role = replica" -c "BEGIN" \
  -c "DELETE FROM audit.event e USING audit.sealed_event x, (SELECT max(block) AS block FROM audit.seal WHERE council_id = 901) m WHERE x.block = m.block AND (e.council_id, e.id) = (x.council_id, x.event_id) AND x.council_id = 901" \
  -c "DELETE FROM audit.sealed_event x USING (SELECT max(block) AS block FROM audit.seal WHERE council_id = 901) m WHERE x.block = m.block AND x.council_id = 901" \
  -c "DELETE FROM audit.seal s USING (SELECT max(block) AS block FROM audit.seal WHERE council_id = 901) m WHERE s.block = m.block AND s.council_id = 901" -c COMMIT
is 'the tail cut off: the rows alone agree' 'Log and ledger are whole.' "$(verify || true)"
is 'the anchor tells' 'audit.anchor: council 901 block 8 is not what was written down outside' "$(verify --anchor "$dir/anchor" || true)"

admin <<'SQL'
SET session_replication_role = replica;
UPDATE audit.event SET amount = coalesce(amount, 0) + 100 WHERE (council_id, id) = (SELECT council_id, event_id FROM audit.sealed_event WHERE block = 5 LIMIT 1);
UPDATE audit.sealed_event x SET sha256 = audit.digest(e) FROM audit.event e WHERE (e.council_id, e.id) = (x.council_id, x.event_id) AND x.block = 5;
DO $$
DECLARE s audit.seal;
BEGIN
  FOR s IN SELECT * FROM audit.seal WHERE council_id = 901 AND block >= 5 ORDER BY block LOOP
    UPDATE audit.seal SET sha256 = sha256((SELECT sha256 FROM audit.seal WHERE council_id = 901 AND block = s.block - 1)
      || coalesce((SELECT string_agg(sha256, ''::bytea ORDER BY event_id) FROM audit.sealed_event WHERE council_id = 901 AND block = s.block), ''::bytea)
      || coalesce((SELECT string_agg(sha256, ''::bytea ORDER BY journal_id) FROM audit.sealed_journal WHERE council_id = 901 AND block = s.block), ''::bytea))
     WHERE council_id = 901 AND block = s.block;
  END LOOP;
END $$;
SQL
is 'the chain written anew from block 5: the rows alone agree' 'Log and ledger are whole.' "$(verify || true)"
is 'the anchor tells from there on' '5 6 7 8' "$(verify --anchor "$dir/anchor" | sed -n 's/.*block \([0-9]*\).*/\1/p' | paste -sd' ')"
exit $failed
