-- query: ledger_part
-- about: The entries of a financial year in the order of their journals: of the next 5,000 journals behind one, with whose money it was, who did it, under which mandate.
-- lane: slow
-- params: year text, after bigint
-- row: journal bigint, line int, counted_on date, recorded_at time, kind text, ref text, reason text null, corrects bigint null, account_kind text, account text, person_ref text null, organisation text null, amount money, balance_after money null, actor text null, mandate text null
-- rows: many
SELECT j.id AS journal, e.line, j.effective_on AS counted_on, j.recorded_at, j.kind, j.ref, j.reason, j.corrects, a.kind AS account_kind, a.code AS account, p.ref AS person_ref, o.name AS organisation,
       e.amount, e.balance_after, n.name AS actor, m.ref AS mandate
  FROM (SELECT * FROM ledger.journal
         WHERE council_id = mc.council() AND mc.role() IN ('finance', 'auditor') AND id > $2::bigint
           AND period_id = (SELECT y.id FROM ledger.period y WHERE y.council_id = mc.council() AND y.starts_on::text = $1::text)
         ORDER BY id LIMIT 5000) j
  -- A join of its own for each journal: PostgreSQL would read all entries there are for every part.
 CROSS JOIN LATERAL (SELECT x.* FROM ledger.entry x WHERE x.council_id = j.council_id AND x.journal_id = j.id OFFSET 0) e
  JOIN ledger.account a ON a.council_id = e.council_id AND a.id = e.account_id
  LEFT JOIN identity.person p ON p.council_id = j.council_id AND p.id = coalesce(a.person_id, j.person_id)
  LEFT JOIN identity.organisation o ON o.id = a.organisation_id
  LEFT JOIN identity.account_name n ON n.id = j.actor_id
  LEFT JOIN identity.mandate m ON m.council_id = j.council_id AND m.id = j.mandate_id
 ORDER BY j.id, e.line
