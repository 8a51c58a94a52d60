-- query: income_sums
-- about: How much is late, still to come, and received in the last 120 days.
-- row: late money, late_items int, expected money, expected_items int, received money
-- rows: one
SELECT coalesce(sum(i.amount - i.received) FILTER (WHERE t.is_late), 0)::bigint AS late, count(*) FILTER (WHERE t.is_late)::int AS late_items,
       coalesce(sum(i.amount - i.received) FILTER (WHERE i.received < i.amount AND NOT t.is_late), 0)::bigint AS expected,
       count(*) FILTER (WHERE i.received < i.amount AND NOT t.is_late)::int AS expected_items,
       coalesce(sum(i.received) FILTER (WHERE i.received_on > ledger.today() - 120), 0)::bigint AS received
  FROM payments.income_item i CROSS JOIN LATERAL (SELECT i.received < i.amount AND payments.income_is_late(i.due_on) AS is_late) t
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor')
