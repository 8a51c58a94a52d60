-- query: statement_entries
-- about: The entries that a statement brought, fifty a page, those that nothing explains yet first, or as a file in the bank's order,
--   in parts of 5,000, each of what came after an entry (0: the first); how each was matched: by which rule, on what evidence, against what.
-- params: ref text, page int, after bigint null
-- row: id bigint hidden, ref text, booked_on date, value_on date, amount money, allocated money, counterparty text null, remittance text, bank_ref text, return_reason text null, rule text null,
--   matched text null, evidence text null, run_ref text null hidden, payment text null hidden, is_open bool, has_explanations bool hidden
-- rows: many
-- page: 50
SELECT e.id, e.ref, e.booked_on, e.value_on, e.amount, e.allocated, e.counterparty_name AS counterparty, e.remittance, e.bank_ref, e.return_reason,
       m.rule, m.matched, m.evidence, m.run_ref, m.payment, e.allocated <> e.amount AS is_open,
       EXISTS (SELECT FROM payments.bank_proposal x WHERE x.council_id = e.council_id AND x.entry_id = e.id) AS has_explanations
  FROM (SELECT e.* FROM payments.statement s JOIN payments.bank_entry e ON e.council_id = s.council_id AND e.statement_id = s.id
         WHERE s.council_id = mc.council() AND s.ref = $1::text AND mc.role() IN ('finance', 'auditor') AND e.id > (SELECT coalesce($3::bigint, 0))
         ORDER BY $3::bigint IS NULL AND e.allocated = e.amount, e.id LIMIT CASE WHEN $3::bigint IS NULL THEN 51 ELSE 5000 END OFFSET 50 * (greatest($2::int, 1) - 1)) e
 CROSS JOIN LATERAL (
   SELECT string_agg(DISTINCT a.rule, ', ') AS rule,
          string_agg(CASE a.kind WHEN 'run' THEN 'payment run ' || r.ref WHEN 'suspense' THEN 'put aside' WHEN 'income' THEN 'expected from ' || i.payer_name || ', ' || i.reference
                                 WHEN 'income_return' THEN 'gone back to ' || i.payer_name || ', ' || i.reference WHEN 'return' THEN 'return of payment ' || p.reference
                                 ELSE 'payment ' || p.reference || ' to ' || p.payee_name END, ', ' ORDER BY a.id) AS matched,
          string_agg(DISTINCT concat_ws(': ', n.name, payments.evidence_words(a.evidence)), ' ') AS evidence,
          min(r.ref) AS run_ref, min(p.reference) AS payment
     FROM payments.bank_allocation a
     LEFT JOIN payments.payment p ON p.council_id = a.council_id AND p.id = a.payment_id
     LEFT JOIN payments.run r ON r.council_id = a.council_id AND r.id = a.run_id AND a.kind = 'run'
     LEFT JOIN payments.income_item t ON t.council_id = a.council_id AND t.id = a.income_item_id
     LEFT JOIN payments.income_series i ON i.council_id = t.council_id AND i.id = t.series_id
     LEFT JOIN identity.account_name n ON n.id = a.account_id
    WHERE a.council_id = e.council_id AND a.entry_id = e.id) m
 ORDER BY $3::bigint IS NULL AND e.allocated = e.amount, e.id
