-- "Will it last?": what would be paid if the orders of a person went on as they are until their budgets end. Nothing is written. An order's own days are held already
-- and have left what is free; so only the days behind them are counted here, and no pound twice. All of it is about mc.person().

-- The orders that run or wait for an answer, with the days on which each would go on behind its own last week: by the same recurrence, not while the person is away.
-- ends: why one does not: once; over (it has no day of its own ahead); or followed (a later order for the same service takes its place).
CREATE OR REPLACE FUNCTION payments.ahead_orders(p_until date) RETURNS TABLE (order_id bigint, visit_price bigint, last_on date, ends text, days date[])
LANGUAGE sql STABLE AS $$
  SELECT o.id, t.visit_price, w.last_on, w.ends,
         CASE WHEN w.ends IS NULL THEN
           ARRAY(SELECT d FROM unnest(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, (p_until - t.starts_on) / 7 + 1)) AS d
                  WHERE d >= t.starts_on + 7 * t.weeks AND d <= p_until
                    AND NOT EXISTS (SELECT FROM payments.absence a WHERE a.council_id = mc.council() AND a.person_id = o.person_id AND a.state = 'open'
                                       AND d BETWEEN a.starts_on AND coalesce(payments.absence_last(a), 'infinity')))
         ELSE '{}' END
    FROM payments.orders o
    JOIN payments.order_line t ON t.council_id = o.council_id AND t.order_id = o.id
   CROSS JOIN LATERAL (SELECT max(d) AS last_on FROM unnest(payments.occurrences(t.recurrence, t.weekdays, t.starts_on, t.weeks)) AS d) l
   CROSS JOIN LATERAL (SELECT l.last_on, CASE WHEN l.last_on < ledger.today() THEN 'over' WHEN t.recurrence = 'once' THEN 'once'
                                              WHEN EXISTS (SELECT FROM payments.orders n JOIN payments.order_line x ON x.council_id = n.council_id AND x.order_id = n.id
                                                            WHERE n.council_id = mc.council() AND n.person_id = o.person_id AND n.state IN ('asked', 'accepted')
                                                              AND x.listing_id = t.listing_id AND x.recurrence <> 'once' AND x.starts_on > l.last_on) THEN 'followed' END AS ends) w
   WHERE o.council_id = mc.council() AND o.person_id = mc.person() AND o.state IN ('asked', 'accepted')
$$;

-- Which purse would pay what of each visit that goes on, the earliest first, by the rule of every order (payments.split), from what is free now. What no purse of that
-- day can pay is lacking, of the budget that would have paid last. A day that no budget is for is not counted.
CREATE OR REPLACE FUNCTION payments.ahead_parts() RETURNS TABLE (order_id bigint, planned_on date, budget_ref text, amount bigint, lacking bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_purses payments.purse[] := payments.purses_of(mc.person());
  v        record;
  s        record;
BEGIN
  FOR v IN SELECT o.order_id, o.visit_price, d FROM payments.ahead_orders((SELECT max(ends_on) FROM unnest(v_purses))) o, unnest(o.days) AS d ORDER BY d, o.order_id LOOP
    order_id := v.order_id;
    planned_on := v.d;
    lacking := v.visit_price;
    FOR s IN SELECT * FROM payments.split(ARRAY[v.d], v.visit_price, v_purses) LOOP
      v_purses[s.purse].free := v_purses[s.purse].free - s.amount;
      lacking := lacking - s.amount;
      budget_ref := v_purses[s.purse].budget_ref;
      amount := s.amount;
      RETURN QUERY SELECT order_id, planned_on, budget_ref, amount, 0::bigint;
    END LOOP;
    IF lacking > 0 THEN
      SELECT p.budget_ref INTO budget_ref FROM unnest(v_purses) WITH ORDINALITY AS p WHERE v.d BETWEEN p.starts_on AND p.ends_on ORDER BY p.ordinality DESC LIMIT 1;
      CONTINUE WHEN NOT FOUND;
      amount := 0;
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;

-- What is held now for each day, by budget: of visits, and of requests that wait for their answer, or for others to share them, as their visits will be made.
CREATE OR REPLACE FUNCTION payments.ahead_held() RETURNS TABLE (planned_on date, budget_ref text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  RETURN QUERY
    SELECT h.planned_on, b.budget_ref, h.amount
      FROM (SELECT v.planned_on, x.hold_id, x.amount FROM payments.visit v
              JOIN payments.visit_hold x ON x.council_id = v.council_id AND x.visit_id = v.id
             WHERE v.council_id = mc.council() AND v.person_id = mc.person() AND v.held > 0
            UNION ALL
            SELECT p.planned_on, p.hold_id, p.amount FROM payments.orders o CROSS JOIN LATERAL payments.order_parts(o.id) p
             WHERE o.council_id = mc.council() AND o.person_id = mc.person() AND o.state IN ('gathering', 'asked')) h
      JOIN payments.order_hold oh ON oh.council_id = mc.council() AND oh.hold_id = h.hold_id
      JOIN payments.budget_position b ON b.council_id = oh.council_id AND b.portion_id = oh.portion_id;
END $$;

-- The orders themselves, for the page.
CREATE OR REPLACE FUNCTION payments.ahead_order_list() RETURNS TABLE (order_id bigint, last_on date, ends text, visits bigint, cost bigint, lacking bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT o.order_id, o.last_on, o.ends, coalesce(p.visits, 0), coalesce(p.cost, 0), coalesce(p.lacking, 0)
    FROM payments.ahead_orders(ledger.today()) o
    LEFT JOIN (SELECT a.order_id, count(DISTINCT a.planned_on) AS visits, sum(a.amount + a.lacking)::bigint AS cost, sum(a.lacking)::bigint AS lacking
                 FROM payments.ahead_parts() a GROUP BY a.order_id) p ON p.order_id = o.order_id
   WHERE o.ends IS DISTINCT FROM 'over'
$$;
