#!/usr/bin/env bash
# How fast `marketcross verify` reads: N=100000 ledger rows (journals of two entries, one event a journal), sealed in blocks. Prints rows a second.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${N:-100000}
dir=${MC_SCRATCH:-build/scratch-verify}
rm -rf "$dir"
socket=$(MC_PG_OPTIONS="-c fsync=off" config/cluster.sh start "$dir")
trap 'config/cluster.sh stop "$dir"; rm -rf "$(readlink -f "$dir/data")" "$dir"' EXIT
config/cluster.sh database "$dir" mc
build/release/marketcross migrate --database "host=$socket user=mc_migrate dbname=mc" >/dev/null
admin() { psql -X -q -At -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc "$@"; }
admin -v journals=$((rows / 2)) <<'SQL'
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT set_config('mc.council', '1', true) \g /dev/null
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'bench', 'Bench Council', '01632 960001', 'x@bench.example');
INSERT INTO ledger.period (council_id, starts_on, ends_on) VALUES (1, '2026-04-01', '2027-03-31');
INSERT INTO ledger.account (council_id, kind, code, normal_side, no_overdraw) VALUES (1, 'fund', 'F', 'debit', false), (1, 'suspense', 'S', 'credit', false);
INSERT INTO ledger.account (council_id, kind, code, normal_side, no_overdraw, cr_posted, version)
SELECT 1, 'budget', 'B' || n, 'credit', true, 100 * (:journals / 1000), :journals / 1000 FROM generate_series(1, 1000) AS n;
INSERT INTO ledger.journal (council_id, idem_key, idem_sha256, kind, ref, effective_on, period_id)
SELECT 1, gen_random_uuid(), sha256(n::text::bytea), 'receipt', 'R' || n, '2026-05-01', (SELECT id FROM ledger.period) FROM generate_series(1, :journals / 1000 * 1000) AS n;
INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount, account_version, balance_after)
SELECT 1, j.id, l, CASE l WHEN 1 THEN f.id ELSE b.id END, CASE l WHEN 1 THEN -100 ELSE 100 END,
       CASE l WHEN 2 THEN (j.id - 1) / 1000 + 1 END, CASE l WHEN 2 THEN 100 * ((j.id - 1) / 1000 + 1) END
  FROM ledger.journal j JOIN ledger.account f ON f.code = 'F' JOIN ledger.account b ON b.code = 'B' || (j.id - 1) % 1000 + 1, generate_series(1, 2) AS l;
INSERT INTO audit.event (council_id, verb, kind, ref, amount) SELECT 1, 'receipt', 'journal', 'R' || id, 100 FROM ledger.journal;
INSERT INTO audit.unsealed SELECT 1, 'event', id FROM audit.event UNION ALL SELECT 1, 'journal', id FROM ledger.journal;
COMMIT;
ANALYZE;
DO $$
BEGIN
  PERFORM set_config('mc.council', '1', false);
  -- One block a transaction, with figures about the tables in between, as it is in life.
  WHILE audit.seal_next() > 0 LOOP
    COMMIT;
    ANALYZE audit.sealed_event, audit.sealed_journal;
    PERFORM set_config('mc.council', '1', false);
  END LOOP;
END $$;
VACUUM ANALYZE;
SQL
n=$(admin -c 'SELECT (SELECT count(*) FROM ledger.entry) + (SELECT count(*) FROM ledger.journal) + (SELECT count(*) FROM audit.event)')
started=$(date +%s%N)
build/release/marketcross verify --database "host=$socket user=mc_verify dbname=mc"
ms=$((($(date +%s%N) - started) / 1000000))
echo "verify: $n rows (entries, journals, events) in $ms ms: $((n * 1000 / ms)) rows a second; goal 150000"
