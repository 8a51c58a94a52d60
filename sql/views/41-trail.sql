-- Follow the pound: every step of a person's public money from the allocation to the bank line, one row a step. References and figures; names are
-- joined where somebody may see them.
CREATE OR REPLACE VIEW payments.pound_step WITH (security_invoker = true) AS
WITH ordered AS (
  SELECT o.council_id, o.id, o.ref, o.person_id, o.ordered_by, o.mandate_id, o.asked_at, o.total,
         ARRAY(SELECT DISTINCT b.ref FROM payments.order_hold h JOIN payments.portion p ON p.council_id = h.council_id AND p.id = h.portion_id
                 JOIN payments.funding_line f ON f.council_id = p.council_id AND f.id = p.funding_line_id
                 JOIN payments.budget b ON b.council_id = f.council_id AND b.id = f.budget_id
                WHERE h.council_id = o.council_id AND h.order_id = o.id) AS budgets,
         (SELECT string_agg(DISTINCT u.title, '; ') FROM payments.order_line l JOIN payments.outcome u ON u.council_id = l.council_id AND u.id = l.outcome_id
           WHERE l.council_id = o.council_id AND l.order_id = o.id) AS outcome
    FROM payments.orders o),
billed AS (
  SELECT o.council_id, o.person_id, o.ref AS order_ref, o.budgets, o.outcome, o.mandate_id, i.id AS invoice_id, i.ref AS invoice_ref, i.number, i.kind,
         i.received_at, i.approved_at, l.agreed * CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS agreed, l.line
    FROM ordered o
    JOIN payments.invoice_line l ON l.council_id = o.council_id AND l.order_id = o.id AND l.state = 'approved'
    JOIN payments.invoice i ON i.council_id = l.council_id AND i.id = l.invoice_id)
SELECT b.council_id, b.person_id, ARRAY[b.ref] AS budgets, 1 AS place, 'allocated' AS step, a.created_at AS at, b.ref AS ref, NULL::text AS order_ref,
       j.actor_id, NULL::bigint AS mandate_id, NULL::text AS outcome, a.amount AS amount, f.funder AS detail
  FROM payments.allocation a
  JOIN payments.portion p ON p.council_id = a.council_id AND p.id = a.portion_id
  JOIN payments.funding_line f ON f.council_id = p.council_id AND f.id = p.funding_line_id
  JOIN payments.budget b ON b.council_id = f.council_id AND b.id = f.budget_id
  JOIN ledger.journal j ON j.council_id = a.council_id AND j.id = a.journal_id
UNION ALL
SELECT o.council_id, o.person_id, o.budgets, 2, 'asked for', o.asked_at, o.ref, o.ref, o.ordered_by, o.mandate_id, o.outcome, o.total, NULL FROM ordered o
UNION ALL
SELECT o.council_id, o.person_id, o.budgets, 3, v.state, e.at, v.ref, o.ref, e.actor_id, e.mandate_id, o.outcome, v.amount, to_char(v.planned_on, 'YYYY-MM-DD')
  FROM ordered o JOIN payments.visit v ON v.council_id = o.council_id AND v.order_id = o.id AND v.amount IS NOT NULL
  JOIN LATERAL (SELECT e.at, e.actor_id, e.mandate_id FROM payments.order_event e WHERE e.council_id = v.council_id AND e.visit_id = v.id ORDER BY e.id DESC LIMIT 1) e ON true
UNION ALL
SELECT b.council_id, b.person_id, b.budgets, 4, CASE b.kind WHEN 'credit_note' THEN 'credit note approved' ELSE 'invoice approved' END, b.approved_at, b.invoice_ref, b.order_ref,
       NULL, b.mandate_id, b.outcome, b.agreed, b.number || ', line ' || b.line
  FROM billed b
UNION ALL
SELECT b.council_id, b.person_id, b.budgets, 5, 'payment ' || y.state, r.assembled_at, r.ref, b.order_ref, r.approved_by, b.mandate_id, b.outcome, b.agreed, y.reference
  FROM billed b
  JOIN payments.payment_invoice x ON x.council_id = b.council_id AND x.invoice_id = b.invoice_id
  JOIN payments.payment y ON y.council_id = x.council_id AND y.id = x.payment_id AND y.state <> 'withdrawn'
  JOIN payments.run r ON r.council_id = y.council_id AND r.id = y.run_id
UNION ALL
SELECT b.council_id, b.person_id, b.budgets, 6, CASE a.kind WHEN 'return' THEN 'came back from the bank' ELSE 'paid by the bank' END, a.at, e.ref, b.order_ref, a.account_id,
       b.mandate_id, b.outcome, CASE a.kind WHEN 'return' THEN -b.agreed ELSE b.agreed END, y.reference || ', rule ' || a.rule || ', booked ' || to_char(e.booked_on, 'YYYY-MM-DD')
  FROM billed b
  JOIN payments.payment_invoice x ON x.council_id = b.council_id AND x.invoice_id = b.invoice_id
  JOIN payments.payment y ON y.council_id = x.council_id AND y.id = x.payment_id
  JOIN payments.bank_allocation a ON a.council_id = y.council_id AND (a.payment_id = y.id OR (a.kind = 'run' AND a.run_id = y.run_id))
  JOIN payments.bank_entry e ON e.council_id = a.council_id AND e.id = a.entry_id;
GRANT SELECT ON payments.pound_step TO mc_web, mc_jobs, mc_verify;
