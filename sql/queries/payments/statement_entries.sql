-- query: statement_entries
-- about: The entries that a statement brought, with what each was set against and by which rule.
-- params: ref text
-- row: ref text, booked_on date, value_on date, amount money, allocated money, counterparty text null, remittance text, bank_ref text, return_reason text null, matched text null
-- rows: many
SELECT e.ref, e.booked_on, e.value_on, e.amount, e.allocated, e.counterparty_name AS counterparty, e.remittance, e.bank_ref, e.return_reason,
       (SELECT string_agg(a.rule || ': ' || a.kind || coalesce(' ' || p.reference, ' ' || r.ref, ''), ', ' ORDER BY a.id)
          FROM payments.bank_allocation a
          LEFT JOIN payments.payment p ON p.council_id = a.council_id AND p.id = a.payment_id
          LEFT JOIN payments.run r ON r.council_id = a.council_id AND r.id = a.run_id
         WHERE a.council_id = e.council_id AND a.entry_id = e.id) AS matched
  FROM payments.statement s JOIN payments.bank_entry e ON e.council_id = s.council_id AND e.statement_id = s.id
 WHERE s.council_id = mc.council() AND s.ref = $1::text AND mc.role() IN ('finance', 'auditor')
 ORDER BY e.id LIMIT 5000
