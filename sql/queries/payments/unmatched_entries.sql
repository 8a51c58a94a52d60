-- query: unmatched_entries
-- about: Bank lines that nothing explains yet, each with the nearest payment: by amount first, then by the payee's name.
-- lane: slow
-- params: page int
-- row: ref text, statement_ref text, account text, booked_on date, amount money, open_amount money, counterparty text null, remittance text, nearest text null, nearest_payee text null, nearest_amount money null,
--   explanation text, total bigint
-- rows: many
SELECT e.ref, s.ref AS statement_ref, b.name AS account, e.booked_on, e.amount, e.amount - e.allocated AS open_amount, e.counterparty_name AS counterparty, e.remittance,
       n.item AS nearest, n.payee_name AS nearest_payee, n.amount AS nearest_amount,
       CASE WHEN n.item IS NULL THEN 'No payment is waiting for a line of this kind.'
            WHEN n.amount = abs(e.amount) THEN 'The amount is that of payment ' || n.reference || ' to ' || n.payee_name || ', but its reference is not in the text.'
            WHEN n.named THEN 'The text names payment ' || n.reference || ', which is ' || payments.pence_words(n.amount) || '.'
            ELSE 'The nearest is payment ' || n.reference || ' to ' || n.payee_name || ' of ' || payments.pence_words(n.amount) || '.' END AS explanation,
       count(*) OVER () AS total
  FROM payments.bank_entry e
  JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id AND s.state = 'open'
  JOIN payments.bank_account b ON b.council_id = e.council_id AND b.id = e.bank_account_id
  LEFT JOIN LATERAL (
    SELECT p.reference, p.payee_name, p.amount, CASE WHEN e.amount < 0 THEN 'payment:' ELSE 'return:' END || p.reference AS item, strpos(e.remittance, p.reference) > 0 AS named
      FROM payments.payment p
     WHERE p.council_id = e.council_id AND p.state = CASE WHEN e.amount < 0 THEN 'emitted' ELSE 'settled' END
     ORDER BY strpos(e.remittance, p.reference) > 0 DESC, p.amount = abs(e.amount) DESC,
              public.similarity(p.payee_name, coalesce(e.counterparty_name, e.remittance)) DESC, abs(p.amount - abs(e.amount)), p.id LIMIT 1) n ON true
 WHERE e.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND e.allocated <> e.amount
 ORDER BY e.booked_on, e.id LIMIT 50 OFFSET 50 * (greatest($1::int, 1) - 1)
