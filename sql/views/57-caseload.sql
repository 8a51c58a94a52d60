-- The caseload board: one row a thing to see to, of the people whose money and orders the asking helper may see. about tells two things of one kind apart, object is the
-- reference of the order, mandate or absence; rank 1 is the worst.
--   nobody   nobody came in the last seven days, although visits were due: on_date is the last visit before (NULL: none yet), amount what was due
--   visits   an order with visits of the last seven days that were missed, that are questioned, or that the provider said nothing about
--   request  not answered by its deadline, and not asked for again since
--   money    out: at the pace of the weekly orders the money is gone by on_date, a week or more before its last day (until_on);
--            low: less than four weeks of them are free. weekly is that pace, amount what is free
--   budget   a funding line ends within eight weeks, or ended in the last four, and none of its kind follows: amount is what is left in it
--   mandate  end, review: within eight weeks, or a review that is overdue, with no other mandate that gives the same for longer
--   away     somebody is away: amount is what its stopped visits would have cost
-- Whoever has nothing to be done for has no row.
CREATE OR REPLACE VIEW payments.caseload WITH (security_invoker = true) AS
WITH day AS MATERIALIZED (SELECT ledger.today() AS today),      -- worked out once, and not for each visit
held AS MATERIALIZED (SELECT * FROM identity.mandates_held()),
mine AS MATERIALIZED (      -- as identity.mandate_in_force chooses
  SELECT DISTINCT ON (h.person_id) h.council_id, h.person_id, h.id AS mandate_id FROM held h WHERE 'see' = ANY (h.rights)
   ORDER BY h.person_id, h.ceiling_order DESC NULLS FIRST, cardinality(h.rights) DESC, h.id),
seen AS MATERIALIZED (      -- what happened to an order line in seven days, and what is still set aside for it
  SELECT v.person_id, v.order_id, v.order_line_id,
         count(*) FILTER (WHERE NOT t.is_past AND v.state = 'planned') AS ahead,
         coalesce(sum(v.held) FILTER (WHERE NOT t.is_past AND v.state = 'planned'), 0) AS set_aside,
         count(*) FILTER (WHERE t.is_past AND v.state IN ('delivered', 'frustrated', 'confirmed', 'queried')) AS came,
         count(*) FILTER (WHERE t.is_past AND v.state IN ('planned', 'missed', 'cancelled')) AS failed,
         sum(v.price) FILTER (WHERE t.is_past AND v.state IN ('planned', 'missed', 'cancelled')) AS failed_price,
         count(*) FILTER (WHERE t.is_past AND v.state = 'missed')::int AS missed,
         count(*) FILTER (WHERE t.is_past AND v.state = 'queried')::int AS questioned,
         count(*) FILTER (WHERE t.is_past AND v.state = 'planned')::int AS unsaid,
         min(v.planned_on) FILTER (WHERE t.is_past AND v.state IN ('missed', 'queried', 'planned')) AS first_on,
         max(v.planned_on) FILTER (WHERE t.is_past AND v.state IN ('missed', 'queried', 'planned')) AS last_on,
         sum(v.price) FILTER (WHERE t.is_past AND v.state IN ('missed', 'queried', 'planned')) AS price
    FROM mine JOIN payments.visit v ON v.council_id = mc.council() AND v.person_id = mine.person_id AND v.planned_on >= (SELECT today - 7 FROM day)
   CROSS JOIN LATERAL (SELECT v.planned_on < (SELECT today FROM day) AS is_past) t
   GROUP BY v.person_id, v.order_id, v.order_line_id),
purse AS MATERIALIZED (
  SELECT b.person_id, b.kind, b.funder, b.starts_on, b.ends_on, sum(b.free)::bigint AS free, b.starts_on <= (SELECT today FROM day) AND b.ends_on >= (SELECT today FROM day) AS is_now
    FROM mine JOIN payments.budget_position b ON b.council_id = mc.council() AND b.person_id = mine.person_id
   WHERE b.budget_state <> 'ended' AND b.ends_on >= (SELECT today FROM day) - 28
   GROUP BY b.person_id, b.funding_line_id, b.kind, b.funder, b.starts_on, b.ends_on),
pace AS (
  SELECT s.person_id, sum(s.set_aside) AS set_aside,
         sum(l.visit_price * cardinality(l.weekdays) / CASE l.recurrence WHEN 'fortnightly' THEN 2 ELSE 1 END)::bigint AS weekly
    FROM seen s
    JOIN payments.orders o ON o.council_id = mc.council() AND o.id = s.order_id AND o.state = 'accepted'
    JOIN payments.order_line l ON l.council_id = mc.council() AND l.id = s.order_line_id AND l.recurrence <> 'once'
   WHERE s.ahead > 0 GROUP BY s.person_id),
lasting AS (
  SELECT p.person_id, p.free, p.ends_on, c.weekly, (SELECT today FROM day) + least(floor((greatest(p.free, 0) + c.set_aside) * 7 / c.weekly), 10000)::int AS out_on
    FROM (SELECT x.person_id, sum(x.free)::bigint AS free, max(x.ends_on) AS ends_on FROM purse x WHERE x.is_now GROUP BY x.person_id) p
    JOIN pace c ON c.person_id = p.person_id WHERE c.weekly > 0)
SELECT m.council_id, f.person_id, m.mandate_id, f.kind, f.about, f.rank, f.on_date, f.until_on, f.amount::bigint, f.weekly, f.title, f.provider, f.missed, f.questioned, f.unsaid, f.object
  FROM mine m JOIN (
    SELECT s.person_id, 'nobody' AS kind, NULL AS about, 1 AS rank,
           (SELECT max(v.planned_on) FROM payments.visit v WHERE v.council_id = mc.council() AND v.person_id = s.person_id AND v.planned_on < (SELECT today FROM day)
               AND v.state IN ('delivered', 'frustrated', 'confirmed', 'queried')) AS on_date,
           NULL::date AS until_on, sum(s.failed_price) AS amount, NULL::bigint AS weekly, NULL AS title, NULL AS provider,
           NULL::int AS missed, NULL::int AS questioned, NULL::int AS unsaid, NULL AS object
      FROM seen s JOIN payments.orders o ON o.council_id = mc.council() AND o.id = s.order_id
     WHERE NOT EXISTS (SELECT FROM payments.absence a WHERE a.council_id = mc.council() AND a.person_id = s.person_id
                          AND daterange(a.starts_on, payments.absence_last(a), '[]') && daterange((SELECT today FROM day) - 7, (SELECT today FROM day)))
     GROUP BY s.person_id HAVING sum(s.came) = 0 AND bool_or(s.failed > 0 AND o.state = 'accepted')
    UNION ALL
    SELECT s.person_id, 'visits', NULL, 2, min(s.first_on), nullif(max(s.last_on), min(s.first_on)), sum(s.price), NULL, min(l.title), min(g.name),
           sum(s.missed)::int, sum(s.questioned)::int, sum(s.unsaid)::int, o.ref
      FROM seen s
      JOIN payments.orders o ON o.council_id = mc.council() AND o.id = s.order_id
      JOIN payments.order_line l ON l.council_id = mc.council() AND l.id = s.order_line_id
      JOIN identity.organisation g ON g.id = o.organisation_id
     WHERE s.missed + s.questioned + s.unsaid > 0 GROUP BY s.person_id, o.id, o.ref
    UNION ALL
    SELECT o.person_id, 'request', NULL, 3, (o.answer_by AT TIME ZONE 'Europe/London')::date, NULL, o.total, NULL, l.title, g.name, NULL, NULL, NULL, o.ref
      FROM mine
      JOIN payments.orders o ON o.council_id = mc.council() AND o.person_id = mine.person_id
      JOIN payments.order_line l ON l.council_id = mc.council() AND l.order_id = o.id
      JOIN identity.organisation g ON g.id = o.organisation_id
     WHERE o.state IN ('asked', 'expired') AND o.answer_by BETWEEN mc.now() - interval '28 days' AND mc.now()
       AND NOT EXISTS (SELECT FROM payments.orders n JOIN payments.order_line k ON k.council_id = n.council_id AND k.order_id = n.id
                        WHERE n.council_id = mc.council() AND n.person_id = o.person_id AND n.id > o.id AND k.listing_id = l.listing_id)
    UNION ALL
    SELECT t.person_id, 'money', CASE WHEN t.out_on + 7 <= t.ends_on THEN 'out' ELSE 'low' END, CASE WHEN t.out_on + 7 <= t.ends_on THEN 4 ELSE 7 END,
           least(t.out_on, t.ends_on), t.ends_on, t.free, t.weekly, NULL, NULL, NULL, NULL, NULL, NULL
      FROM lasting t WHERE t.out_on + 7 <= t.ends_on OR t.free < 4 * t.weekly
    UNION ALL
    SELECT p.person_id, 'budget', CASE WHEN p.ends_on < (SELECT today FROM day) THEN 'ended' ELSE 'ends' END, CASE WHEN p.ends_on < (SELECT today FROM day) THEN 4 ELSE 6 END,
           p.ends_on, NULL, p.free, NULL, p.funder, NULL, NULL, NULL, NULL, NULL
      FROM purse p
     WHERE p.ends_on <= (SELECT today FROM day) + 56
       AND NOT EXISTS (SELECT FROM payments.budget b JOIN payments.funding_line n ON n.council_id = b.council_id AND n.budget_id = b.id
                        WHERE b.council_id = mc.council() AND b.person_id = p.person_id AND b.state <> 'ended'
                          AND n.kind = p.kind AND n.ends_on > p.ends_on AND n.starts_on <= greatest(p.ends_on + 1, (SELECT today FROM day)))
    UNION ALL
    SELECT h.person_id, 'mandate', d.about, d.rank, d.on_date, NULL, NULL, NULL, identity.rights_words(h.rights), NULL, NULL, NULL, NULL, h.ref
      FROM held h
     CROSS JOIN LATERAL (SELECT CASE WHEN h.ends_on <= (SELECT today FROM day) + 56 THEN 'end' ELSE 'review' END AS about, CASE WHEN h.ends_on <= (SELECT today FROM day) + 56 THEN 5 ELSE 8 END AS rank,
                                CASE WHEN h.ends_on <= (SELECT today FROM day) + 56 THEN h.ends_on ELSE h.review_on END AS on_date) d
     WHERE d.on_date <= (SELECT today FROM day) + 56
       AND NOT EXISTS (SELECT FROM identity.mandates_held() n WHERE n.person_id = h.person_id AND n.id <> h.id AND n.rights @> h.rights
                          AND coalesce(least(n.ends_on, n.review_on), 'infinity') > (SELECT today FROM day) + 56)
    UNION ALL
    SELECT a.person_id, 'away', NULL, 9, a.starts_on, payments.absence_last(a),
           (SELECT sum(v.price) FROM payments.absence_visit x JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
             WHERE x.council_id = mc.council() AND x.absence_id = a.id AND v.state IN ('paused', 'cancelled')), NULL, NULL, NULL, NULL, NULL, NULL, a.ref
      FROM mine JOIN payments.absence a ON a.council_id = mc.council() AND a.person_id = mine.person_id
     WHERE a.state = 'open' AND (SELECT today FROM day) BETWEEN a.starts_on AND coalesce(payments.absence_last(a), 'infinity')) f ON f.person_id = m.person_id;
REVOKE ALL ON payments.caseload FROM mc_jobs, mc_verify;
GRANT SELECT ON payments.caseload TO mc_web;
