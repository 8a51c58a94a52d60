-- query: unmatched_entries
-- about: Bank lines that nothing explains yet, each with the best explanation that the matcher found.
-- lane: slow
-- params: page int
-- row: ref text, statement_ref text, account text, booked_on date, amount money, open_amount money, counterparty text null, remittance text, nearest text null, explanation text, total bigint
-- rows: many
-- page: 50
SELECT e.ref, s.ref AS statement_ref, b.name AS account, e.booked_on, e.amount, e.amount - e.allocated AS open_amount, e.counterparty_name AS counterparty, e.remittance,
       n.items AS nearest, coalesce(n.words, 'Nothing that we expect is like it.') AS explanation, count(*) OVER () AS total
  FROM payments.bank_entry e
  JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id AND s.state = 'open'
  JOIN payments.bank_account b ON b.council_id = e.council_id AND b.id = e.bank_account_id
  LEFT JOIN LATERAL (
    SELECT string_agg(a->>'item', ', ' ORDER BY a->>'item') AS items,
           string_agg(replace(a->>'item', ':', ' '), ', ' ORDER BY a->>'item') || '. ' || p.why AS words
      FROM payments.bank_proposal p CROSS JOIN LATERAL jsonb_array_elements(p.allocations) a
     WHERE p.council_id = e.council_id AND p.entry_id = e.id AND p.place = 1 GROUP BY p.why) n ON true
 WHERE e.council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND e.allocated <> e.amount
 ORDER BY e.booked_on, e.id LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
