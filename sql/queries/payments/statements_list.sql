-- query: statements_list
-- about: Imported bank statements, newest first.
-- params: page int
-- row: ref text, account text, statement_id text, format text, opening money null, opening_on date null, closing money null, closing_on date null, balance text, follows text,
--   entries int, fresh int, open_entries int, state text, imported_at time, imported_when text hidden
-- rows: many
-- page: 50
SELECT s.ref, b.name AS account, s.statement_id, s.format, s.opening, s.opening_on, s.closing, s.closing_on, s.balance, s.follows, s.entries, s.fresh,
       (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = s.council_id AND e.statement_id = s.id AND e.allocated <> e.amount) AS open_entries, s.state, s.imported_at, payments.said_at(s.imported_at) AS imported_when
  FROM payments.statement s JOIN payments.bank_account b ON b.council_id = s.council_id AND b.id = s.bank_account_id
 WHERE s.council_id = mc.council() AND mc.role() IN ('finance', 'auditor')
 ORDER BY s.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
