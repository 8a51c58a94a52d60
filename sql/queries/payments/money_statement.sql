-- query: money_statement
-- about: Every movement of the person's money in a span of days, newest first, with the purse's balance after it. What is held is not yet a movement.
-- params: from_on date, to_on date
-- row: effective_on date, kind text, ref text, funder text, portion_ref text, amount money, balance_after money, reason text null, service text null, provider text null
-- rows: many
SELECT j.effective_on, j.kind, j.ref, p.funder, p.portion_ref, e.amount, e.balance_after, j.reason, l.service, l.provider
  FROM payments.budget_position p
  JOIN ledger.entry e ON e.council_id = p.council_id AND e.account_id = p.ledger_account_id
  JOIN ledger.journal j ON j.council_id = e.council_id AND j.id = e.journal_id
  LEFT JOIN LATERAL (
    SELECT coalesce(ol.title, l.service) AS service, o.name AS provider
      FROM payments.invoice i
      JOIN payments.invoice_line l ON l.council_id = i.council_id AND l.invoice_id = i.id
      LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id
      JOIN identity.organisation o ON o.id = i.organisation_id
     WHERE i.council_id = j.council_id AND j.kind IN ('capture', 'refund') AND j.ref = i.ref || '-' || l.line AND i.ref = left(j.ref, 9)) l ON true
 WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND j.effective_on BETWEEN $1::date AND $2::date
 ORDER BY j.id DESC, e.line
 LIMIT mc.list_most(500)
