-- query: touchless_rate
-- about: Of the invoices received in a span (the last 90 days when none is given): how far they came, and how many with no human hand. Releasing a run takes two people by design and is no hand.
-- lane: slow
-- params: from_on date null, to_on date null
-- row: received int, matched int, approved int, paid int, reconciled int, touchless int, rate real
-- rows: one

-- The bounds are asked for once and apart: a coalesce beside the column might leak a row, and under row-level security the index would not be asked for it.
SELECT count(*)::int AS received,
       count(*) FILTER (WHERE i.approved_at IS NOT NULL)::int AS matched,
       count(*) FILTER (WHERE i.approved > 0)::int AS approved,
       count(*) FILTER (WHERE i.scheduled + i.paid > 0)::int AS paid,
       count(*) FILTER (WHERE i.state = 'paid')::int AS reconciled,
       count(*) FILTER (WHERE i.state = 'paid' AND i.hands = 0)::int AS touchless,
       coalesce(count(*) FILTER (WHERE i.state = 'paid' AND i.hands = 0)::float8 / nullif(count(*), 0), 0) AS rate
  FROM payments.invoice i
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')
   AND i.received_at >= (SELECT coalesce($1::date, ledger.today() - 90)::timestamp AT TIME ZONE 'Europe/London')
   AND i.received_at < (SELECT (coalesce($2::date, ledger.today()) + 1)::timestamp AT TIME ZONE 'Europe/London')
