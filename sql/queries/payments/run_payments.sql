-- query: run_payments
-- about: The payments of a run with the invoices that each one pays.
-- params: ref text, page int
-- row: reference text, payee_name text, sort_code text, account_end text, amount money, state text, invoices text, settled_on date null, return_reason text null
-- rows: many
-- page: 50

-- The page is cut before its invoices are looked up.
SELECT p.reference, p.payee_name, p.payee_sort_code AS sort_code, right(p.payee_account, 4) AS account_end, p.amount, p.state, x.invoices, p.settled_on, p.return_reason
  FROM (SELECT p.*
          FROM payments.run r JOIN payments.payment p ON p.council_id = r.council_id AND p.run_id = r.id
         WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('finance', 'auditor')
         ORDER BY p.payee_name, p.id LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($2::int, 1) - 1)) p
 CROSS JOIN LATERAL (SELECT string_agg(i.number || ' ' || payments.pence_words(x.amount), ', ' ORDER BY i.id) AS invoices
                       FROM payments.payment_invoice x JOIN payments.invoice i ON i.council_id = x.council_id AND i.id = x.invoice_id
                      WHERE x.council_id = p.council_id AND x.payment_id = p.id) x
 ORDER BY p.payee_name, p.id
