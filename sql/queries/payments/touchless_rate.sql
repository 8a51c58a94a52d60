-- query: touchless_rate
-- about: Of the invoices received in a span: how far they came, and how many with no human hand. Releasing a run takes two people by design and is no hand.
-- lane: slow
-- params: from_on date, to_on date
-- row: received int, matched int, approved int, paid int, reconciled int, touchless int, rate real
-- rows: one
SELECT count(*)::int AS received,
       count(*) FILTER (WHERE i.approved_at IS NOT NULL)::int AS matched,
       count(*) FILTER (WHERE i.approved > 0)::int AS approved,
       count(*) FILTER (WHERE i.scheduled + i.paid > 0)::int AS paid,
       count(*) FILTER (WHERE i.state = 'paid')::int AS reconciled,
       count(*) FILTER (WHERE i.state = 'paid' AND i.hands = 0)::int AS touchless,
       coalesce(count(*) FILTER (WHERE i.state = 'paid' AND i.hands = 0)::float8 / nullif(count(*), 0), 0) AS rate
  FROM payments.invoice i
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')
   AND (i.received_at AT TIME ZONE 'Europe/London')::date BETWEEN $1::date AND $2::date
