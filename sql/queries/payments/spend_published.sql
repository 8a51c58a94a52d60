-- query: spend_published
-- about: Payments over £500 in the layout of the Local Government Transparency Code. Who trades as one person is never named.
--   At most 5,000, or parts of a file of so many, each of what came after a payment (0: the first).
-- lane: slow
-- params: from_on date null, to_on date null, after bigint
-- row: id bigint hidden, organisation_name text, effective_on date, directorate text, expense_type text, supplier_name text, supplier_id text, amount money, transaction_number text, irrecoverable_vat text
-- rows: many
SELECT p.id, c.name AS organisation_name, p.settled_on AS effective_on, 'Adult social care' AS directorate, 'Support arranged with individual budgets' AS expense_type,
       CASE o.kind WHEN 'micro' THEN 'REDACTED PERSONAL DATA' ELSE o.name END AS supplier_name, CASE o.kind WHEN 'micro' THEN '' ELSE o.ref END AS supplier_id,
       p.amount, CASE o.kind WHEN 'micro' THEN '' ELSE p.reference END AS transaction_number, 'No' AS irrecoverable_vat
  FROM payments.payment p
  JOIN identity.council c ON c.id = p.council_id
  JOIN identity.organisation o ON o.id = p.organisation_id
 WHERE p.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner') AND p.state = 'settled' AND p.amount > 50000
   AND p.settled_on BETWEEN coalesce($1::date, ledger.today() - 365) AND coalesce($2::date, ledger.today())
   AND (p.settled_on, p.id) > (SELECT coalesce(max(a.settled_on), '-infinity'), coalesce(max(a.id), 0) FROM payments.payment a WHERE a.council_id = mc.council() AND a.id = $3::bigint)
 ORDER BY p.settled_on, p.id LIMIT 5000
