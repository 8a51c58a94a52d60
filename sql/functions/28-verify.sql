-- The auditor: every rule of the books worked out again from the append-only rows. No row means that all is well.
-- It runs as whoever asks (mc_verify sees every council), writes nothing and calls none of the functions that it checks.

CREATE OR REPLACE FUNCTION ledger.verify_journals() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH sums AS (
    SELECT council_id, journal_id, count(*) AS lines, sum(amount) AS total FROM ledger.entry GROUP BY council_id, journal_id
  )
  SELECT 'journal_zero_sum', format('council %s journal %s', j.council_id, j.id), format('%s lines, sum %s', coalesce(s.lines, 0), coalesce(s.total, 0))
    FROM ledger.journal j LEFT JOIN sums s ON (s.council_id, s.journal_id) = (j.council_id, j.id)
   WHERE s.lines IS NULL OR s.lines < 2 OR s.total <> 0
  UNION ALL
  SELECT 'journal_after_close', format('council %s journal %s', j.council_id, j.id), 'recorded in a period that was closed'
    FROM ledger.journal j LEFT JOIN ledger.period p ON (p.council_id, p.id) = (j.council_id, j.period_id)
   WHERE p.id IS NULL OR j.recorded_at > p.closed_at
  UNION ALL
  SELECT 'journal_origin', format('council %s journal %s', j.council_id, j.id), 'a capture that no hold knows of'
    FROM ledger.journal j LEFT JOIN ledger.hold_move m ON (m.council_id, m.journal_id) = (j.council_id, j.id)
   WHERE j.kind = 'capture' AND m.id IS NULL
  UNION ALL
  SELECT 'entry_account', format('council %s journal %s line %s', e.council_id, e.journal_id, e.line), 'the account does not exist'
    FROM ledger.entry e LEFT JOIN ledger.account a ON (a.council_id, a.id) = (e.council_id, e.account_id) WHERE a.id IS NULL
  UNION ALL
  SELECT 'period_total', format('council %s period %s account %s', council_id, period_id, account_id), 'what was stored at closing differs from the entries'
    FROM (SELECT council_id, period_id, account_id, debits, credits FROM ledger.period_total
          EXCEPT
          SELECT e.council_id, j.period_id, e.account_id, coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint
            FROM ledger.period p JOIN ledger.journal j ON (j.council_id, j.period_id) = (p.council_id, p.id)
            JOIN ledger.entry e ON (e.council_id, e.journal_id) = (j.council_id, j.id)
           WHERE p.state = 'closed' GROUP BY e.council_id, j.period_id, e.account_id) AS wrong
$$;

CREATE OR REPLACE FUNCTION ledger.verify_accounts() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH chain AS (
    SELECT e.council_id, e.account_id, e.amount, e.account_version, e.balance_after,
           row_number() OVER w AS n, sum(e.amount) OVER w AS running
      FROM ledger.entry e JOIN ledger.account a ON (a.council_id, a.id) = (e.council_id, e.account_id)
     WHERE a.no_overdraw
    WINDOW w AS (PARTITION BY e.council_id, e.account_id ORDER BY e.account_version ROWS UNBOUNDED PRECEDING)
  ), sums AS (
    SELECT council_id, account_id, count(*) AS n, coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS debits,
           coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS credits,
           min(account_version) FILTER (WHERE n <> account_version OR running <> balance_after OR account_version IS NULL) AS broken,
           bool_or(account_version IS NULL) AS unchained
      FROM chain GROUP BY council_id, account_id
  ), pending AS (
    SELECT council_id, account_id, sum(amount - captured - released) AS held FROM ledger.hold GROUP BY council_id, account_id
  )
  SELECT 'account_counters', format('council %s account %s', a.council_id, a.id),
         format('debits %s for %s, credits %s for %s, version %s for %s', a.dr_posted, coalesce(s.debits, 0), a.cr_posted, coalesce(s.credits, 0), a.version, coalesce(s.n, 0))
    FROM ledger.account a LEFT JOIN sums s ON (s.council_id, s.account_id) = (a.council_id, a.id)
   WHERE a.no_overdraw AND (a.dr_posted, a.cr_posted, a.version) IS DISTINCT FROM (coalesce(s.debits, 0), coalesce(s.credits, 0), coalesce(s.n, 0))
  UNION ALL
  SELECT 'balance_chain', format('council %s account %s', council_id, account_id), format('broken at entry %s', broken)
    FROM sums WHERE broken IS NOT NULL OR unchained
  UNION ALL
  SELECT 'account_pending', format('council %s account %s', a.council_id, a.id), format('pending %s, open holds %s', a.dr_pending, coalesce(p.held, 0))
    FROM ledger.account a LEFT JOIN pending p ON (p.council_id, p.account_id) = (a.council_id, a.id)
   WHERE a.dr_pending <> coalesce(p.held, 0)
  UNION ALL
  SELECT 'overdrawn', format('council %s account %s', council_id, id), format('free %s', cr_posted - dr_posted - dr_pending)
    FROM ledger.account WHERE no_overdraw AND dr_posted + dr_pending > cr_posted
$$;

CREATE OR REPLACE FUNCTION ledger.verify_holds() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH moves AS (
    SELECT council_id, hold_id, count(*) FILTER (WHERE kind = 'open') AS opened,
           coalesce(sum(amount) FILTER (WHERE kind IN ('open', 'more')), 0) AS amount,
           coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
           coalesce(sum(amount) FILTER (WHERE kind IN ('release', 'expire')), 0) AS released
      FROM ledger.hold_move GROUP BY council_id, hold_id
  )
  SELECT 'hold_moves', format('council %s hold %s', h.council_id, h.id),
         format('amount %s captured %s released %s; moves say %s, %s, %s', h.amount, h.captured, h.released, m.amount, m.captured, m.released)
    FROM ledger.hold h LEFT JOIN moves m ON (m.council_id, m.hold_id) = (h.council_id, h.id)
   WHERE m.opened IS DISTINCT FROM 1 OR (h.amount, h.captured, h.released) IS DISTINCT FROM (m.amount, m.captured, m.released)
  UNION ALL
  SELECT 'hold_overresolved', format('council %s hold %s', council_id, id), format('%s more than held', captured + released - amount)
    FROM ledger.hold WHERE captured + released > amount
  UNION ALL
  SELECT 'hold_capture', format('council %s journal %s', m.council_id, m.journal_id), format('the hold gave %s, its account was debited %s', m.amount, coalesce(-e.amount, 0))
    FROM ledger.hold_move m JOIN ledger.hold h ON (h.council_id, h.id) = (m.council_id, m.hold_id)
    LEFT JOIN ledger.entry e ON (e.council_id, e.journal_id, e.account_id) = (m.council_id, m.journal_id, h.account_id)
   WHERE m.kind = 'capture' AND e.amount IS DISTINCT FROM -m.amount
$$;

CREATE OR REPLACE FUNCTION payments.verify_budgets() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT 'allocation_journal', format('council %s allocation %s', x.council_id, x.id), format('allocated %s, posted %s', x.amount, coalesce(e.amount, 0))
    FROM payments.allocation x JOIN payments.portion p ON (p.council_id, p.id) = (x.council_id, x.portion_id)
    LEFT JOIN ledger.entry e ON (e.council_id, e.journal_id, e.account_id) = (x.council_id, x.journal_id, p.ledger_account_id)
   WHERE e.amount IS DISTINCT FROM x.amount
  UNION ALL
  SELECT 'budget_frozen', format('council %s budget %s', b.council_id, b.ref), format('the budget is %s, its account %s', b.state, CASE WHEN a.frozen THEN 'frozen' ELSE 'open' END)
    FROM payments.budget b
    JOIN payments.funding_line l ON (l.council_id, l.budget_id) = (b.council_id, b.id)
    JOIN payments.portion p ON (p.council_id, p.funding_line_id) = (l.council_id, l.id)
    JOIN ledger.account a ON (a.council_id, a.id) = (p.council_id, p.ledger_account_id)
   WHERE a.frozen <> (b.state <> 'active')
  UNION ALL
  SELECT 'idempotency_answer', format('council %s key %s', council_id, key), format('%s was begun and never answered', verb)
    FROM mc.idempotency WHERE answer IS NULL
$$;

-- States: only by allowed transitions, an unbroken chain of events, and the last one is the state. What is paused is nobody's to bill.
CREATE OR REPLACE FUNCTION payments.verify_states() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH step AS (
    SELECT e.*, CASE WHEN e.visit_id IS NULL THEN 'order' ELSE 'visit' END AS kind,
           lag(e.to_state, 1, CASE WHEN e.visit_id IS NULL THEN 'new' ELSE 'planned' END) OVER w AS was, lead(e.id) OVER w IS NULL AS is_last
      FROM payments.order_event e
    WINDOW w AS (PARTITION BY e.council_id, e.order_id, e.visit_id ORDER BY e.id)
  )
  SELECT 'transition', format('council %s %s event %s', s.council_id, s.kind, s.id), format('%s: %s to %s after %s', s.verb, s.from_state, s.to_state, s.was)
    FROM step s LEFT JOIN payments.allowed_transition t ON (t.kind, t.from_state, t.verb, t.to_state) = (s.kind, s.from_state, s.verb, s.to_state)
   WHERE t.kind IS NULL OR s.was <> s.from_state
  UNION ALL
  SELECT 'order_state', format('council %s order %s', o.council_id, o.ref), format('state %s, events say %s', o.state, coalesce(s.to_state, 'nothing'))
    FROM payments.orders o LEFT JOIN step s ON (s.council_id, s.order_id) = (o.council_id, o.id) AND s.visit_id IS NULL AND s.is_last
   WHERE o.state IS DISTINCT FROM s.to_state
  UNION ALL
  SELECT 'order_provider', format('council %s order %s', o.council_id, o.ref), 'the provider does not exist'
    FROM payments.orders o LEFT JOIN identity.organisation p ON p.id = o.organisation_id WHERE p.id IS NULL
  UNION ALL
  SELECT 'visit_state', format('council %s visit %s', v.council_id, v.ref), format('state %s, events say %s', v.state, coalesce(s.to_state, 'planned'))
    FROM payments.visit v LEFT JOIN step s ON (s.council_id, s.visit_id) = (v.council_id, v.id) AND s.is_last
   WHERE v.state <> coalesce(s.to_state, 'planned')
  UNION ALL
  SELECT 'visit_paused', format('council %s visit %s', v.council_id, v.ref), format('paused by %s absences, held %s, due %s', count(x.visit_id), v.held, coalesce(v.amount, 0))
    FROM payments.visit v LEFT JOIN payments.absence_visit x ON (x.council_id, x.visit_id, x.became) = (v.council_id, v.id, 'paused')
   WHERE v.state = 'paused' GROUP BY v.council_id, v.ref, v.held, v.amount, v.invoice_ref
  HAVING count(x.visit_id) = 0 OR v.held <> 0 OR v.amount IS DISTINCT FROM 0 OR v.invoice_ref IS NOT NULL
  UNION ALL
  SELECT 'absence_visit', format('council %s absence %s', a.council_id, a.ref), format('visit %s is planned and was not put back', v.ref)
    FROM payments.absence a JOIN payments.absence_visit x ON (x.council_id, x.absence_id) = (a.council_id, a.id)
    JOIN payments.visit v ON (v.council_id, v.id) = (x.council_id, x.visit_id)
   WHERE a.state = 'open' AND x.answer IS NULL AND v.state = 'planned'
$$;

CREATE OR REPLACE FUNCTION payments.verify_order_money() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  WITH held AS (
    SELECT oh.council_id, oh.order_id, sum(oh.amount) AS amount, sum(h.amount - h.captured - h.released) AS rest,
           bool_and(h.amount - coalesce(m.amount, 0) = oh.amount AND h.account_id = p.ledger_account_id) AS same
      FROM payments.order_hold oh
      JOIN payments.portion p ON (p.council_id, p.id) = (oh.council_id, oh.portion_id)
      JOIN ledger.hold h ON (h.council_id, h.id) = (oh.council_id, oh.hold_id)
      LEFT JOIN LATERAL (SELECT sum(x.amount) AS amount FROM ledger.hold_move x WHERE (x.council_id, x.hold_id) = (h.council_id, h.id) AND x.kind = 'more') m ON true
     GROUP BY oh.council_id, oh.order_id
  ), visits AS (
    SELECT council_id, order_id, sum(held) AS held, sum(price) AS price FROM payments.visit GROUP BY council_id, order_id
  ), taken AS (
    SELECT council_id, hold_id, sum(amount) FILTER (WHERE amount > 0) AS captured, sum(amount) AS net FROM payments.capture GROUP BY council_id, hold_id
  )
  SELECT 'order_hold', format('council %s order %s', o.council_id, o.ref), format('total %s, held %s', o.total, coalesce(h.amount, 0))
    FROM payments.orders o LEFT JOIN held h ON (h.council_id, h.order_id) = (o.council_id, o.id)
    LEFT JOIN payments.pool_member m ON (m.council_id, m.order_id) = (o.council_id, o.id)
   WHERE h.amount IS DISTINCT FROM o.total + coalesce(m.given_back, 0) OR NOT h.same
  UNION ALL
  SELECT 'order_rest', format('council %s order %s', o.council_id, o.ref), format('holds keep %s, visits need %s', h.rest, coalesce(v.held, 0))
    FROM payments.orders o JOIN held h ON (h.council_id, h.order_id) = (o.council_id, o.id)
    LEFT JOIN visits v ON (v.council_id, v.order_id) = (o.council_id, o.id)
   WHERE h.rest <> CASE WHEN v.price IS NOT NULL THEN v.held WHEN o.state IN ('gathering', 'asked') THEN o.total ELSE 0 END OR v.price <> o.total
  UNION ALL
  SELECT 'visit_hold', format('council %s visit %s', v.council_id, v.ref), format('price %s, purses %s', v.price, coalesce(sum(vh.amount), 0))
    FROM payments.visit v LEFT JOIN payments.visit_hold vh ON (vh.council_id, vh.visit_id) = (v.council_id, v.id)
   GROUP BY v.council_id, v.ref, v.price HAVING v.price <> coalesce(sum(vh.amount), 0)
  UNION ALL
  SELECT 'capture_hold', format('council %s hold %s', h.council_id, h.id), format('the hold gave %s, captures say %s', h.captured, coalesce(t.captured, 0))
    FROM payments.order_hold oh JOIN ledger.hold h ON (h.council_id, h.id) = (oh.council_id, oh.hold_id)
    LEFT JOIN taken t ON (t.council_id, t.hold_id) = (h.council_id, h.id)
   WHERE h.captured <> coalesce(t.captured, 0) OR t.net < 0
  UNION ALL
  SELECT 'capture_journal', format('council %s capture %s', c.council_id, c.id), format('captured %s, posted to the payable %s', c.amount, coalesce(e.amount, 0))
    FROM payments.capture c JOIN payments.orders o ON (o.council_id, o.id) = (c.council_id, c.order_id)
    JOIN identity.organisation g ON g.id = o.organisation_id
    LEFT JOIN ledger.account a ON a.council_id = c.council_id AND a.kind = 'payable' AND a.code = g.ref
    LEFT JOIN ledger.entry e ON (e.council_id, e.journal_id, e.account_id) = (c.council_id, c.journal_id, a.id)
   WHERE e.amount IS DISTINCT FROM c.amount
$$;

-- Nobody pays more than they agreed to; the shares of a pool that closed are its price, of as many people as were agreed on; one that is open holds its shares.
CREATE OR REPLACE FUNCTION payments.verify_pools() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT 'pool_share', format('council %s order %s', o.council_id, o.ref), format('agreed to %s each time and %s in all, is %s and %s', m.most, m.held, l.visit_price, o.total)
    FROM payments.pool_member m
    JOIN payments.orders o ON (o.council_id, o.id) = (m.council_id, m.order_id)
    JOIN payments.order_line l ON (l.council_id, l.order_id) = (o.council_id, o.id)
    JOIN payments.pool p ON (p.council_id, p.id) = (m.council_id, m.pool_id)
   WHERE l.visit_price > m.most OR o.total + m.given_back <> m.held OR o.person_id <> m.person_id OR o.organisation_id <> p.organisation_id
      OR (m.state = 'in' AND p.state = 'open') <> (o.state = 'gathering')
  UNION ALL
  SELECT 'pool_price', format('council %s pool %s', p.council_id, p.ref), format('%s each time of %s people, their shares come to %s', p.price, count(l.id), coalesce(sum(l.visit_price), 0))
    FROM payments.pool p
    LEFT JOIN payments.pool_member m ON (m.council_id, m.pool_id, m.state) = (p.council_id, p.id, 'in')
    LEFT JOIN payments.order_line l ON (l.council_id, l.order_id) = (m.council_id, m.order_id)
   WHERE p.state = 'asked' GROUP BY p.council_id, p.id, p.ref, p.price, p.minimum, p.most
  HAVING sum(l.visit_price) IS DISTINCT FROM p.price OR count(l.id) NOT BETWEEN p.minimum AND p.most
$$;

CREATE OR REPLACE FUNCTION ledger.verify() RETURNS TABLE (check_name text, object text, detail text) LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT * FROM ledger.verify_journals()
  UNION ALL SELECT * FROM ledger.verify_accounts()
  UNION ALL SELECT * FROM ledger.verify_holds()
  UNION ALL SELECT * FROM payments.verify_budgets()
  UNION ALL SELECT * FROM payments.verify_states()
  UNION ALL SELECT * FROM payments.verify_order_money()
  UNION ALL SELECT * FROM payments.verify_pools()
$$;
