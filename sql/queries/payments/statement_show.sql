-- query: statement_show
-- about: One imported statement: what it says of itself, and whether it follows from the one before.
-- params: ref text
-- row: ref text, account text, statement_id text, format text, file_name text null, file_sha256 text null, opening money null, opening_on date null, closing money null, closing_on date null,
--   balance text, follows text, entries int, fresh int, skipped int, open_entries int, state text, imported_when text, accepted_by text null, accepted_note text null, may_act bool
-- rows: maybe
SELECT s.ref, b.name AS account, s.statement_id, s.format, f.name AS file_name, encode(f.sha256, 'hex') AS file_sha256, s.opening, s.opening_on, s.closing, s.closing_on,
       s.balance, s.follows, s.entries, s.fresh, s.skipped,
       (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = s.council_id AND e.statement_id = s.id AND e.allocated <> e.amount) AS open_entries,
       s.state, payments.said_at(s.imported_at) AS imported_when, a.name AS accepted_by, s.accepted_note, mc.role() = 'finance' AS may_act
  FROM payments.statement s
  JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
  LEFT JOIN jobs.file f ON f.council_id = s.council_id AND f.ref = s.file_ref
  LEFT JOIN identity.account_name a ON a.id = s.accepted_by
 WHERE s.council_id = mc.council() AND s.ref = $1::text AND mc.role() IN ('finance', 'auditor')
