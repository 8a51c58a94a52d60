-- query: bank_daily_check
-- about: Ledger against bank for each account: difference and missing are zero on a good day, and so is client_gap where people's money is held.
-- row: ref text, name text, opening money null, closing money null, closing_on date null, ledger money, entries money, open_amount money, open_entries int, difference money, missing money null,
--   is_client_money bool, people money null, suspense money null, client_gap money null, checked_on date null
-- rows: many
SELECT c.ref, c.name, c.opening, c.closing, c.closing_on, c.ledger, c.entries, c.open_amount, c.open_entries, c.difference, c.missing, c.is_client_money, c.people, c.suspense, c.client_gap,
       (SELECT max(d.on_day) FROM payments.day_check d WHERE d.council_id = c.council_id AND d.bank_account_id = c.bank_account_id) AS checked_on
  FROM payments.bank_check c WHERE c.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') ORDER BY c.name, c.ref
