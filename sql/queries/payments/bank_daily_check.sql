-- query: bank_daily_check
-- about: Ledger against bank for each account: difference and missing are zero on a good day.
-- row: ref text, name text, opening money null, closing money null, closing_on date null, ledger money, entries money, open_amount money, open_entries int, difference money, missing money null
-- rows: many
SELECT c.ref, c.name, c.opening, c.closing, c.closing_on, c.ledger, c.entries, c.open_amount, c.open_entries, c.difference, c.missing
  FROM payments.bank_check c WHERE c.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') ORDER BY c.name, c.ref
