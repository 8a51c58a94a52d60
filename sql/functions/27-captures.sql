-- What an approved invoice takes from the purses, and what a credit note gives back to them. Called by the invoices' functions, never by a page.

-- Pence that credit notes gave back under a hold of the order and that were not billed again since. What a hold took up again under the order's own name is for
-- visits that are on again after an absence.
CREATE OR REPLACE FUNCTION payments.hold_returned(p_order bigint, p_hold bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT (coalesce((SELECT -sum(c.amount) FROM payments.capture c
                     WHERE c.council_id = mc.council() AND c.order_id = p_order AND c.hold_id = p_hold AND c.amount < 0), 0)
        - coalesce((SELECT sum(m.amount) FROM ledger.hold_move m WHERE m.council_id = mc.council() AND m.hold_id = p_hold AND m.kind = 'more'
                       AND m.ref <> (SELECT o.ref FROM payments.orders o WHERE o.council_id = mc.council() AND o.id = p_order)), 0))::bigint
$$;

-- What each purse gives and gives back for these visits: purses in funding order over all the visits, then visits by day, until p_amount is reached.
-- Nothing is held any more for a visit that is billed again after a credit note, or so late that the hold lapsed: `more` is what its purse has to give
-- beyond its hold. What a credit note gave back to a purse of the order comes out of that purse again; the rest out of the visit's own.
CREATE OR REPLACE FUNCTION payments.capture_split(p_visits bigint[], p_amount bigint)
RETURNS TABLE (hold_id bigint, portion_id bigint, take bigint, give_back bigint, more bigint)
LANGUAGE sql STABLE AS $$
  WITH v AS (
    SELECT x.id, x.order_id, x.planned_on, x.held, x.amount FROM payments.visit x WHERE x.council_id = mc.council() AND x.id = ANY (p_visits)),
  again AS (
    SELECT v.order_id, least(sum(v.amount), p_amount)::bigint AS amount FROM v WHERE v.held = 0 GROUP BY v.order_id),
  back AS (
    SELECT r.hold_id, r.position, greatest(0, least(r.free, a.amount - (sum(r.free) OVER (ORDER BY r.position) - r.free)))::bigint AS amount
      FROM again a
      CROSS JOIN LATERAL (SELECT oh.hold_id, oh.position, greatest(0, payments.hold_returned(oh.order_id, oh.hold_id)) AS free
                            FROM payments.order_hold oh WHERE oh.council_id = mc.council() AND oh.order_id = a.order_id) r),
  own AS (
    SELECT s.hold_id, s.position, s.planned_on, s.id, greatest(0, least(s.amount, s.lacks - (sum(s.amount) OVER w - s.amount)))::bigint AS amount
      FROM (SELECT vh.hold_id, vh.position, v.planned_on, v.id, vh.amount, a.amount - (SELECT coalesce(sum(amount), 0) FROM back) AS lacks
              FROM again a JOIN v ON v.held = 0 JOIN payments.visit_hold vh ON vh.council_id = mc.council() AND vh.visit_id = v.id) s
    WINDOW w AS (ORDER BY s.position, s.planned_on, s.id)),
  share AS (
    SELECT vh.hold_id, vh.position, v.planned_on, v.id, vh.amount, true AS is_held
      FROM v JOIN payments.visit_hold vh ON vh.council_id = mc.council() AND vh.visit_id = v.id WHERE v.held > 0
    UNION ALL SELECT b.hold_id, b.position, NULL, NULL, b.amount, false FROM back b
    UNION ALL SELECT o.hold_id, o.position, o.planned_on, o.id, o.amount, false FROM own o)
  SELECT s.hold_id, oh.portion_id, sum(s.take)::bigint, coalesce(sum(s.amount - s.take) FILTER (WHERE s.is_held), 0)::bigint,
         coalesce(sum(s.take) FILTER (WHERE NOT s.is_held), 0)::bigint
    FROM (SELECT share.*, greatest(0, least(share.amount, p_amount - (sum(share.amount) OVER w - share.amount)::bigint)) AS take
            FROM share WHERE share.amount > 0
          WINDOW w AS (ORDER BY share.position, share.planned_on, share.id, share.is_held)) AS s
    JOIN payments.order_hold oh ON oh.council_id = mc.council() AND oh.hold_id = s.hold_id
   GROUP BY s.hold_id, oh.portion_id, s.position ORDER BY s.position
$$;

-- The stored answer when this invoice was captured before: the same visits and amount, or MC422.
CREATE OR REPLACE FUNCTION payments.capture_prior(p_order bigint, p_visits bigint[], p_amount bigint, p_invoice_ref text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_journals jsonb;
  v_sum      bigint;
  v_visits   bigint[];
BEGIN
  SELECT jsonb_agg(journal_id ORDER BY id), sum(amount) INTO v_journals, v_sum FROM payments.capture
   WHERE council_id = mc.council() AND order_id = p_order AND invoice_ref = p_invoice_ref AND amount > 0;
  IF v_journals IS NULL THEN
    RETURN NULL;
  END IF;
  v_visits := ARRAY(SELECT id FROM payments.visit WHERE council_id = mc.council() AND order_id = p_order AND invoice_ref = p_invoice_ref);
  IF v_sum <> p_amount OR NOT (v_visits @> p_visits AND p_visits @> v_visits) THEN
    RAISE EXCEPTION 'Invoice % was already captured with other visits or another amount.', p_invoice_ref USING ERRCODE = 'MC422';
  END IF;
  RETURN jsonb_build_object('outcome', 'captured', 'amount', v_sum, 'journals', v_journals, 'replayed', true);
END $$;

-- Pence that the purses lack for visits that are billed again: what came back may have been promised to something else since.
CREATE OR REPLACE FUNCTION payments.capture_lacks(p_visits bigint[], p_amount bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(greatest(s.more - (a.cr_posted - a.dr_posted - a.dr_pending), 0)), 0)::bigint
    FROM payments.capture_split(p_visits, p_amount) s
    JOIN ledger.hold h ON h.council_id = mc.council() AND h.id = s.hold_id
    JOIN ledger.account a ON a.council_id = h.council_id AND a.id = h.account_id
$$;

-- NULL when these visits may be captured for this amount, else why not. More than was held is never taken: it needs the person's agreement first.
CREATE OR REPLACE FUNCTION payments.capture_refusal(p_order bigint, p_visits bigint[], p_amount bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c record;
BEGIN
  SELECT count(*) AS n, sum(CASE held WHEN 0 THEN amount ELSE held END)::bigint AS held, jsonb_agg(ref) FILTER (WHERE invoice_ref IS NOT NULL) AS captured,
         jsonb_agg(ref) FILTER (WHERE state IN ('planned', 'queried', 'missed') OR coalesce(amount, 0) = 0) AS not_due INTO c
    FROM payments.visit WHERE council_id = mc.council() AND order_id = p_order AND id = ANY (p_visits);
  IF c.n = 0 OR c.n <> (SELECT count(DISTINCT x) FROM unnest(p_visits) AS x) THEN
    PERFORM payments.not_found('visit');
  ELSIF p_amount IS NULL OR p_amount <= 0 THEN
    RAISE EXCEPTION 'There is nothing to capture.' USING ERRCODE = 'MC422';
  END IF;
  RETURN CASE WHEN c.captured IS NOT NULL THEN jsonb_build_object('outcome', 'already_captured', 'visits', c.captured)
              WHEN c.not_due IS NOT NULL THEN jsonb_build_object('outcome', 'not_due', 'visits', c.not_due)
              WHEN p_amount > c.held THEN jsonb_build_object('outcome', 'over_held', 'held', c.held, 'amount', p_amount)
              WHEN payments.capture_lacks(p_visits, p_amount) > 0 THEN jsonb_build_object('outcome', 'short', 'short_by', payments.capture_lacks(p_visits, p_amount)) END;
END $$;

CREATE OR REPLACE FUNCTION payments.order_capture(p_order_id bigint, p_visit_ids bigint[], p_amount bigint, p_invoice_ref text, p_effective_on date DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o         payments.orders;
  s         record;
  v_answer  jsonb;
  v_words   text;
  v_back    bigint := 0;
  v_journals jsonb := '[]';
BEGIN
  SELECT * INTO o FROM payments.orders WHERE council_id = mc.council() AND id = p_order_id FOR NO KEY UPDATE;
  v_answer := coalesce(payments.capture_prior(p_order_id, p_visit_ids, p_amount, p_invoice_ref), payments.capture_refusal(p_order_id, p_visit_ids, p_amount));
  IF v_answer IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  PERFORM payments.order_lock_accounts(p_order_id);
  FOR s IN SELECT * FROM payments.capture_split(p_visit_ids, p_amount) LOOP
    v_words := 'capture ' || p_invoice_ref || ' ' || o.ref || ' ' || s.hold_id;
    IF s.more > 0 THEN
      PERFORM ledger.hold_more(ledger.key('more ' || v_words), s.hold_id, s.more, p_invoice_ref);
    END IF;
    IF s.take > 0 THEN
      v_answer := ledger.hold_capture(ledger.key(v_words), s.hold_id, s.take, ledger.payable(o.organisation_id), p_invoice_ref, false, p_effective_on);
      v_journals := v_journals || (v_answer -> 'journal');
      INSERT INTO payments.capture (council_id, order_id, portion_id, hold_id, journal_id, invoice_ref, amount)
      VALUES (mc.council(), p_order_id, s.portion_id, s.hold_id, (v_answer ->> 'journal')::bigint, p_invoice_ref, s.take);
    END IF;
    IF s.give_back > 0 THEN
      PERFORM ledger.hold_release(ledger.key('rest ' || v_words), s.hold_id, s.give_back, p_invoice_ref);
      v_back := v_back + s.give_back;
    END IF;
  END LOOP;
  UPDATE payments.visit SET invoice_ref = p_invoice_ref, held = 0 WHERE council_id = mc.council() AND order_id = p_order_id AND id = ANY (p_visit_ids);
  PERFORM mc.audit_person(o.person_id, 'order_capture', 'order', o.ref, p_amount, jsonb_build_object('invoice', p_invoice_ref, 'journals', v_journals));
  PERFORM payments.order_finish_if_done(p_order_id);
  RETURN jsonb_build_object('outcome', 'captured', 'amount', p_amount, 'released', v_back, 'journals', v_journals, 'replayed', false);
END $$;

-- ---------------------------------------------------------------- credit notes

-- What the purses that paid an invoice can still be given back: the last one that paid comes first.
CREATE OR REPLACE FUNCTION payments.capture_open(p_order bigint, p_invoice_ref text)
RETURNS TABLE (id bigint, portion_id bigint, hold_id bigint, journal_id bigint, amount bigint, give bigint, before bigint)
LANGUAGE sql STABLE AS $$
  SELECT c.id, c.portion_id, c.hold_id, c.journal_id, c.amount, c.amount + coalesce(r.back, 0),
         (coalesce(sum(c.amount + coalesce(r.back, 0)) OVER (ORDER BY oh.position DESC, c.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::bigint
    FROM payments.capture c
    JOIN payments.order_hold oh ON oh.council_id = c.council_id AND oh.hold_id = c.hold_id
    LEFT JOIN LATERAL (SELECT sum(x.amount)::bigint AS back FROM payments.capture x WHERE x.council_id = c.council_id AND x.corrects = c.id) AS r ON true
   WHERE c.council_id = mc.council() AND c.order_id = p_order AND c.invoice_ref = p_invoice_ref AND c.amount > 0
   ORDER BY oh.position DESC, c.id DESC
$$;

-- Where a refund of this capture goes: the purse that paid, or prior-year recoveries when the books of that payment are closed.
CREATE OR REPLACE FUNCTION payments.refund_account(p_portion bigint, p_journal bigint) RETURNS bigint
LANGUAGE sql AS $$
  SELECT CASE per.state WHEN 'open' THEN p.ledger_account_id ELSE ledger.account_open('recoveries', 'prior years') END
    FROM ledger.journal j JOIN ledger.period per ON per.council_id = j.council_id AND per.id = j.period_id
    JOIN payments.portion p ON p.council_id = j.council_id AND p.id = p_portion
   WHERE j.council_id = mc.council() AND j.id = p_journal
$$;

CREATE OR REPLACE FUNCTION payments.refund_prior(p_order bigint, p_amount bigint, p_credit_ref text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_journals jsonb;
  v_sum      bigint;
BEGIN
  SELECT jsonb_agg(journal_id ORDER BY id), -sum(amount) INTO v_journals, v_sum FROM payments.capture
   WHERE council_id = mc.council() AND order_id = p_order AND invoice_ref = p_credit_ref AND amount < 0;
  IF v_sum <> p_amount THEN
    RAISE EXCEPTION 'Credit note % was already posted with another amount.', p_credit_ref USING ERRCODE = 'MC422';
  END IF;
  RETURN CASE WHEN v_journals IS NOT NULL THEN jsonb_build_object('outcome', 'refunded', 'amount', v_sum, 'journals', v_journals, 'replayed', true) END;
END $$;

CREATE OR REPLACE FUNCTION payments.order_uncapture(p_order_id bigint, p_invoice_ref text, p_amount bigint, p_credit_ref text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  o          payments.orders;
  c          record;
  v_answer   jsonb;
  v_open     bigint;
  v_back     bigint;
  v_journals jsonb := '[]';
BEGIN
  SELECT * INTO o FROM payments.orders WHERE council_id = mc.council() AND id = p_order_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM payments.not_found('order');
  ELSIF p_amount IS NULL OR p_amount <= 0 THEN
    RAISE EXCEPTION 'There is nothing to give back.' USING ERRCODE = 'MC422';
  END IF;
  v_answer := payments.refund_prior(p_order_id, p_amount, p_credit_ref);
  IF v_answer IS NOT NULL THEN
    RETURN v_answer;
  END IF;
  SELECT coalesce(sum(give), 0)::bigint INTO v_open FROM payments.capture_open(p_order_id, p_invoice_ref);
  IF p_amount > v_open THEN
    RETURN jsonb_build_object('outcome', 'over_captured', 'captured', v_open, 'amount', p_amount);
  END IF;
  PERFORM payments.order_lock_accounts(p_order_id);
  FOR c IN SELECT * FROM payments.capture_open(p_order_id, p_invoice_ref) WHERE give > 0 AND before < p_amount LOOP
    v_back := least(c.give, p_amount - c.before);
    v_answer := ledger.post(ledger.key('refund ' || p_credit_ref || ' ' || c.id), 'refund', jsonb_build_array(
      jsonb_build_object('account', ledger.payable(o.organisation_id), 'amount', -v_back),
      jsonb_build_object('account', payments.refund_account(c.portion_id, c.journal_id), 'amount', v_back)), p_credit_ref, NULL, NULL, c.journal_id);
    v_journals := v_journals || (v_answer -> 'journal');
    INSERT INTO payments.capture (council_id, order_id, portion_id, hold_id, journal_id, invoice_ref, amount, corrects)
    VALUES (mc.council(), p_order_id, c.portion_id, c.hold_id, (v_answer ->> 'journal')::bigint, p_credit_ref, -v_back, c.id);
  END LOOP;
  PERFORM mc.audit_person(o.person_id, 'order_uncapture', 'order', o.ref, p_amount, jsonb_build_object('invoice', p_invoice_ref, 'credit_note', p_credit_ref));
  RETURN jsonb_build_object('outcome', 'refunded', 'amount', p_amount, 'journals', v_journals, 'replayed', false);
END $$;
