-- query: ahead_months
-- about: Month by month to the end of each budget: what is held for its visits, what goes on would cost, and what is then free. What is still held for earlier days stands in
--   the first month.
-- row: budget_ref text, funders text, month date hidden, month_words text, held money, goes_on money, visits int, on_bank_holidays int, lacking money, left_over money
-- rows: many
WITH budget AS (
  SELECT p.budget_id, p.budget_ref, min(p.use_order) AS use_order, string_agg(DISTINCT p.funder, ' and ') AS funders, greatest(min(p.starts_on), ledger.today()) AS from_on, max(p.ends_on) AS ends_on, sum(p.free)::bigint AS free
    FROM payments.budget_position p
   WHERE p.council_id = mc.council() AND p.person_id = mc.person() AND p.budget_state <> 'ended' GROUP BY p.budget_id, p.budget_ref HAVING max(p.ends_on) >= ledger.today()),
month AS (
  SELECT b.*, m::date AS month FROM budget b, generate_series(date_trunc('month', b.from_on::timestamp), b.ends_on::timestamp, '1 month') AS m),
held AS (
  SELECT b.budget_ref, date_trunc('month', greatest(h.planned_on, b.from_on)::timestamp)::date AS month, sum(h.amount)::bigint AS amount
    FROM budget b JOIN payments.ahead_held() h USING (budget_ref) GROUP BY 1, 2),
part AS (
  SELECT a.budget_ref, date_trunc('month', a.planned_on::timestamp)::date AS month, sum(a.amount)::bigint AS amount, sum(a.lacking)::bigint AS lacking,
         count(DISTINCT (a.order_id, a.planned_on))::int AS visits,
         count(DISTINCT (a.order_id, a.planned_on)) FILTER (WHERE EXISTS (SELECT FROM payments.bank_holiday k WHERE k.day = a.planned_on))::int AS on_bank_holidays
    FROM payments.ahead_parts() a GROUP BY 1, 2)
SELECT m.budget_ref, m.funders, m.month, to_char(m.month, 'FMMonth YYYY') AS month_words, coalesce(h.amount, 0) AS held, coalesce(p.amount, 0) AS goes_on, coalesce(p.visits, 0) AS visits,
       coalesce(p.on_bank_holidays, 0) AS on_bank_holidays, coalesce(p.lacking, 0) AS lacking,
       (m.free - sum(coalesce(p.amount, 0)) OVER (PARTITION BY m.budget_ref ORDER BY m.month))::bigint AS left_over
  FROM month m LEFT JOIN held h USING (budget_ref, month) LEFT JOIN part p USING (budget_ref, month)
 ORDER BY m.from_on, m.use_order, m.budget_id, m.month
 LIMIT 600
