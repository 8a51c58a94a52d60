-- query: statement_entry
-- about: One line of a statement that nothing explains yet.
-- params: statement text, entry text
-- row: ref text, booked_on date, amount money, remittance text
-- rows: maybe
SELECT e.ref, e.booked_on, e.amount, e.remittance
  FROM payments.statement s JOIN payments.bank_entry e ON e.council_id = s.council_id AND e.statement_id = s.id
 WHERE s.council_id = mc.council() AND s.ref = $1::text AND e.ref = $2::text AND e.allocated <> e.amount AND mc.role() = 'finance'
