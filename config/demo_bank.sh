#!/usr/bin/env bash
# config/demo_bank.sh SOCKET FOLDER: the bank of the demonstration town. It takes each payment file that left and sends the council the statement of its
# account, as whoever made the file would upload it. MC_BANK_SECONDS (20): how long it takes, so that one's own statement or answer can be there first.
set -euo pipefail
cd "$(dirname "$0")/.."
socket=$1 folder=$2
mkdir -p "$folder"
query() { psql -X -A -t -q -v ON_ERROR_STOP=1 -h "$socket" -U postgres -d mc -F ' ' "$@"; }

pay() {
  local council=$1 run=$2 opening=$3
  query -v council="$council" -v run="$run" <<'SQL' | base64 -d >"$folder/run"
SELECT encode(f.bytes, 'base64') FROM payments.run r JOIN jobs.file f ON f.council_id = r.council_id AND f.ref = r.file_ref WHERE r.council_id = :council AND r.ref = :'run';
SQL
  build/release/tests/fakebank pay "$folder/run" "$folder" "$opening"
  query -v council="$council" -v run="$run" -v bytes="$(base64 -w0 "$folder/camt.053.001.08.xml")" <<'SQL' >/dev/null
BEGIN;
SELECT set_config('mc.council', h.council_id::text, true), set_config('mc.account', h.account_id::text, true), set_config('mc.hat', h.id::text, true), set_config('mc.role', h.role, true)
  FROM payments.run r JOIN identity.hat h ON h.council_id = r.council_id AND h.account_id = r.emitted_by AND h.role = 'finance' WHERE r.council_id = :council AND r.ref = :'run' LIMIT 1;
SELECT jobs.file_store(gen_random_uuid(), 'statement', 'bank-' || :'run' || '.xml', decode(:'bytes', 'base64'));
COMMIT;
SQL
}

while sleep 2; do
  query -v seconds="${MC_BANK_SECONDS:-20}" <<'SQL' >"$folder/runs" || continue
SELECT r.council_id, r.ref, coalesce((SELECT s.closing FROM payments.statement s WHERE s.council_id = r.council_id AND s.bank_account_id = r.bank_account_id
                                       ORDER BY s.closing_on DESC, s.id DESC LIMIT 1), 0)
  FROM payments.run r
 WHERE r.state IN ('emitted', 'acknowledged') AND r.emitted_at < now() - :seconds * interval '1 second'
   AND NOT EXISTS (SELECT FROM jobs.file f WHERE f.council_id = r.council_id AND f.name = 'bank-' || r.ref || '.xml')
 ORDER BY r.id LIMIT 1;
SQL
  while read -r council run opening; do pay "$council" "$run" "$opening"; done <"$folder/runs"
done
