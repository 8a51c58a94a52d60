-- query: ahead_budgets
-- about: Whether each budget lasts: what is free and held now, what it would pay of orders that go on as they are, and then what is left, or what is lacking and from which day.
-- row: ref text hidden, funders text, is_frozen bool, starts_on date, ends_on date, allocated money, spent money, held money, free money, goes_on money, lacking money, left_over money,
--   runs_out_on date null, is_over bool, is_to_come bool, has_orders bool
-- rows: many
SELECT b.budget_ref AS ref, b.funders, b.is_frozen, b.starts_on, b.ends_on, b.allocated, b.spent, b.held, b.free, a.goes_on, a.lacking, b.free - a.goes_on AS left_over, a.runs_out_on,
       b.ends_on < ledger.today() AS is_over, b.starts_on > ledger.today() AS is_to_come,
       EXISTS (SELECT FROM payments.orders o WHERE o.council_id = mc.council() AND o.person_id = mc.person() AND o.state IN ('asked', 'accepted')) AS has_orders
  FROM (SELECT p.budget_id, p.budget_ref, min(p.use_order) AS use_order, string_agg(DISTINCT p.funder, ' and ') AS funders, bool_or(p.frozen) AS is_frozen, min(p.starts_on) AS starts_on, max(p.ends_on) AS ends_on,
               sum(p.allocated)::bigint AS allocated, sum(p.spent)::bigint AS spent, sum(p.held)::bigint AS held, sum(p.free)::bigint AS free
          FROM payments.budget_position p
         WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND p.budget_state <> 'ended' GROUP BY p.budget_id, p.budget_ref) b
  LEFT JOIN (SELECT budget_ref, sum(amount)::bigint AS goes_on, sum(lacking)::bigint AS lacking, min(planned_on) FILTER (WHERE lacking > 0) AS runs_out_on
               FROM payments.ahead_parts() GROUP BY budget_ref) x USING (budget_ref)
 CROSS JOIN LATERAL (SELECT coalesce(x.goes_on, 0) AS goes_on, coalesce(x.lacking, 0) AS lacking, x.runs_out_on) a
 ORDER BY b.starts_on, b.use_order, b.budget_id
