-- query: bank_differences
-- about: What lies between the books and the bank, line by line, oldest first. why: open (nothing explains the bank line yet), books (the books post another
--   amount than the line's), no_line (the books have it, no bank line does).
-- lane: slow
-- params: page int
-- row: account text, on_day date, ref text, statement_ref text null, words text, bank money, books money, open_amount money, difference money, why text
-- rows: many
-- page: 50
SELECT b.name AS account, d.on_day, d.ref, s.ref AS statement_ref, coalesce(nullif(concat_ws(': ', e.counterparty_name, e.remittance), ''), d.ref) AS words, d.bank, d.books, d.open_amount, d.difference, d.why
  FROM payments.bank_difference d
  JOIN payments.bank_account b ON b.council_id = d.council_id AND b.id = d.bank_account_id
  LEFT JOIN payments.bank_entry e ON e.council_id = d.council_id AND e.id = d.entry_id
  LEFT JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id
 WHERE d.council_id = mc.council() AND mc.role() IN ('finance', 'auditor')
 ORDER BY b.name, d.on_day, d.ref LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
