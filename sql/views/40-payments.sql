-- What invoices, runs and the bank are compared with. Each reads with its reader's rights: row-level security keeps to the council.

-- Visits that money is due for and that no live invoice bills yet, or not all of it: the amount is what can still be billed. Quantity is in the order's
-- unit: what was delivered, or where a rule of the order makes the amount differ (minimum call, late cancellation), the quantity that the amount stands for.
CREATE OR REPLACE VIEW payments.billable_visit WITH (security_invoker = true) AS
SELECT v.council_id, v.id AS visit_id, v.ref AS visit_ref, v.organisation_id, v.person_id, v.order_id, o.ref AS order_ref, v.order_line_id,
       (SELECT count(*) FROM payments.order_line e WHERE e.council_id = l.council_id AND e.order_id = l.order_id AND e.id <= l.id)::int AS line_no,
       l.listing_ref, l.title, l.unit, l.unit_price, v.planned_on, v.state, v.amount - v.billed AS amount, v.held,
       CASE WHEN v.billed > 0 THEN round((v.amount - v.billed)::numeric / greatest(l.unit_price, 1), 6)
            WHEN l.unit <> 'hour' AND v.amount = v.price THEN l.quantity::numeric
            WHEN l.unit = 'hour' AND abs(coalesce(v.actual_minutes, v.planned_minutes) * l.unit_price / 60.0 - v.amount) <= 1
              THEN round(coalesce(v.actual_minutes, v.planned_minutes) / 60.0, 6)
            ELSE round(v.amount::numeric / greatest(l.unit_price, 1), 6) END AS quantity
  FROM payments.visit v
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
 WHERE v.state IN ('delivered', 'confirmed', 'frustrated', 'cancelled') AND v.amount > v.billed AND v.invoice_ref IS NULL;
GRANT SELECT ON payments.billable_visit TO mc_web, mc_jobs, mc_verify;

-- Is the ledger's bank what the bank says? difference is what neither the books nor the list of open lines explain: zero on a good day. On an account of
-- client money every line is somebody's, or waits in suspense or on the list: client_gap is what is not, NULL elsewhere.
CREATE OR REPLACE VIEW payments.bank_check WITH (security_invoker = true) AS
SELECT b.council_id, b.id AS bank_account_id, b.ref, b.name, b.opening, b.opening_on, s.closing, s.closing_on,
       coalesce(l.amount, 0)::bigint AS ledger, coalesce(e.amount, 0)::bigint AS entries, coalesce(e.open_amount, 0)::bigint AS open_amount,
       coalesce(e.open_entries, 0)::int AS open_entries,
       (coalesce(l.amount, 0) + coalesce(e.open_amount, 0) - coalesce(e.amount, 0))::bigint AS difference,
       CASE WHEN s.closing IS NOT NULL AND b.opening IS NOT NULL THEN (b.opening + coalesce(e.until_closing, 0) - s.closing)::bigint END AS missing,
       b.is_client_money, CASE WHEN b.is_client_money THEN coalesce(c.people, 0)::bigint END AS people, CASE WHEN b.is_client_money THEN coalesce(c.suspense, 0)::bigint END AS suspense,
       CASE WHEN b.is_client_money THEN (coalesce(e.amount, 0) - coalesce(e.open_amount, 0) - coalesce(c.people, 0) - coalesce(c.suspense, 0))::bigint END AS client_gap
  FROM payments.bank_account b
  LEFT JOIN LATERAL (SELECT s.closing, s.closing_on FROM payments.statement s
                      WHERE s.council_id = b.council_id AND s.bank_account_id = b.id AND s.closing IS NOT NULL AND s.state = 'open'
                      ORDER BY s.closing_on DESC, s.id DESC LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT sum(n.amount) AS amount, sum(n.amount - n.allocated) AS open_amount, count(*) FILTER (WHERE n.amount <> n.allocated) AS open_entries,
                            sum(n.amount) FILTER (WHERE n.booked_on <= s.closing_on) AS until_closing
                       FROM payments.bank_entry n WHERE n.council_id = b.council_id AND n.bank_account_id = b.id) e ON true
  LEFT JOIN LATERAL (SELECT -sum(x.amount) AS amount FROM ledger.account a JOIN ledger.entry x ON x.council_id = a.council_id AND x.account_id = a.id
                      WHERE a.council_id = b.council_id AND a.kind = 'bank' AND a.code = b.ref) l ON true
  LEFT JOIN LATERAL (SELECT sum(x.amount) FILTER (WHERE a.kind = 'client_money') AS people, sum(x.amount) FILTER (WHERE a.kind = 'suspense') AS suspense
                       FROM ledger.account a JOIN ledger.entry x ON x.council_id = a.council_id AND x.account_id = a.id
                      WHERE a.council_id = b.council_id AND (a.kind = 'client_money' AND starts_with(a.code, b.ref || ' ') OR a.kind = 'suspense' AND a.code = b.ref)) c
    ON b.is_client_money;
GRANT SELECT ON payments.bank_check TO mc_web, mc_jobs, mc_verify;

-- The same line by line: every bank line that the books do not have as it is, and every posting on the bank's account without a line. The differences of
-- an account add up to bank_check's.
CREATE OR REPLACE VIEW payments.bank_difference WITH (security_invoker = true) AS
WITH posted AS (
  SELECT a.council_id, b.id AS bank_account_id, j.ref, min(j.effective_on) AS on_day, -sum(x.amount) AS amount
    FROM payments.bank_account b
    JOIN ledger.account a ON a.council_id = b.council_id AND a.kind = 'bank' AND a.code = b.ref
    JOIN ledger.entry x ON x.council_id = a.council_id AND x.account_id = a.id
    JOIN ledger.journal j ON j.council_id = x.council_id AND j.id = x.journal_id
   GROUP BY a.council_id, b.id, j.ref)
SELECT council_id, bank_account_id, e.id AS entry_id, ref, coalesce(e.booked_on, p.on_day) AS on_day, d.bank, d.books, d.open_amount,
       (d.books + d.open_amount - d.bank)::bigint AS difference,
       CASE WHEN e.id IS NULL THEN 'no_line' WHEN d.books + d.open_amount = d.bank THEN 'open' ELSE 'books' END AS why
  FROM payments.bank_entry e
  FULL JOIN posted p USING (council_id, bank_account_id, ref)
 CROSS JOIN LATERAL (SELECT coalesce(e.amount, 0) AS bank, coalesce(p.amount, 0)::bigint AS books, coalesce(e.amount - e.allocated, 0) AS open_amount) d
 WHERE d.books <> d.bank OR d.open_amount <> 0;
GRANT SELECT ON payments.bank_difference TO mc_web, mc_jobs, mc_verify;

-- The life of each payment: what it pays, when it left, when the bank said so.
CREATE OR REPLACE VIEW payments.payment_step WITH (security_invoker = true) AS
SELECT p.council_id, p.id AS payment_id, p.reference, p.organisation_id, s.*
  FROM payments.payment p
  JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
  CROSS JOIN LATERAL (
    SELECT i.received_at AS at, 'invoice received' AS step, i.ref AS ref, pi.amount AS amount, i.number AS detail
      FROM payments.payment_invoice pi JOIN payments.invoice i ON i.council_id = pi.council_id AND i.id = pi.invoice_id
     WHERE pi.council_id = p.council_id AND pi.payment_id = p.id
    UNION ALL
    SELECT i.approved_at, 'invoice approved', i.ref, pi.amount, i.number
      FROM payments.payment_invoice pi JOIN payments.invoice i ON i.council_id = pi.council_id AND i.id = pi.invoice_id
     WHERE pi.council_id = p.council_id AND pi.payment_id = p.id
    UNION ALL SELECT r.assembled_at, 'put into a payment run', r.ref, p.amount, NULL
    UNION ALL SELECT r.approved_at, 'run approved by a second person', r.ref, p.amount, NULL WHERE r.approved_at IS NOT NULL
    UNION ALL SELECT r.emitted_at, 'sent to the bank', r.file_ref, p.amount, r.message_id WHERE r.emitted_at IS NOT NULL
    UNION ALL
    SELECT b.at, CASE b.status WHEN 'RJCT' THEN 'rejected by the bank' ELSE 'taken by the bank' END, r.ref, p.amount, coalesce(b.reason, b.status)
      FROM payments.bank_answer b WHERE b.council_id = p.council_id AND b.run_id = p.run_id AND (b.payment_id = p.id OR b.payment_id IS NULL)
    UNION ALL
    SELECT a.at, CASE a.kind WHEN 'return' THEN 'came back' ELSE 'paid by the bank' END, e.ref, CASE a.kind WHEN 'run' THEN p.amount ELSE abs(a.amount) END, a.rule
      FROM payments.bank_allocation a JOIN payments.bank_entry e ON e.council_id = a.council_id AND e.id = a.entry_id
     WHERE a.council_id = p.council_id AND (a.payment_id = p.id OR (a.kind = 'run' AND a.run_id = p.run_id))) s;
GRANT SELECT ON payments.payment_step TO mc_web, mc_jobs, mc_verify;
