-- The three-way match: invoice against order against what was delivered. Each evaluation is kept whole in payments.match_check.

-- Which order line each invoice line bills: by the order's reference and line; else by service; else by the only line with that unit and price.
CREATE OR REPLACE FUNCTION payments.invoice_map_lines(p_invoice payments.invoice) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE payments.invoice_line l
     SET (order_id, order_line_id) =
         (SELECT o.id,
                 (SELECT c.id
                    FROM (SELECT e.*, row_number() OVER (ORDER BY e.id) AS place, count(*) OVER () AS lines,
                                 count(*) FILTER (WHERE payments.unit_fits(l.unit, e.unit) AND e.unit_price = l.unit_price) OVER () AS alike
                            FROM payments.order_line e WHERE e.council_id = o.council_id AND e.order_id = o.id) c
                   WHERE CASE WHEN l.order_line_no IS NOT NULL THEN c.place = l.order_line_no
                              ELSE c.lines = 1 OR c.listing_ref = l.service OR lower(c.title) = lower(l.service)
                                OR (c.alike = 1 AND payments.unit_fits(l.unit, c.unit) AND c.unit_price = l.unit_price) END
                   ORDER BY c.listing_ref = l.service DESC, c.id LIMIT 1)
            FROM payments.orders o WHERE o.council_id = l.council_id AND o.ref = l.order_ref AND o.organisation_id = p_invoice.organisation_id)
   WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id AND l.state = 'open'
$$;

-- Sets delivered visits against the open lines, oldest first, until each line's quantity is covered. Lines share no visit.
CREATE OR REPLACE FUNCTION payments.invoice_take_visits(p_invoice payments.invoice) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_line payments.invoice_line;
BEGIN
  FOR v_line IN SELECT * FROM payments.invoice_line WHERE council_id = p_invoice.council_id AND invoice_id = p_invoice.id AND state = 'open'
                   AND order_line_id IS NOT NULL ORDER BY cardinality(visit_refs) = 0, line LOOP
    INSERT INTO payments.invoice_visit (council_id, visit_id, invoice_id, line, amount)
    SELECT v_line.council_id, s.visit_id, v_line.invoice_id, v_line.line, s.amount
      FROM (SELECT b.visit_id, b.amount, sum(b.quantity) OVER (ORDER BY b.planned_on, b.visit_id) - b.quantity AS before
              FROM payments.billable_visit b
             WHERE b.council_id = v_line.council_id AND b.order_line_id = v_line.order_line_id
               AND CASE WHEN cardinality(v_line.visit_refs) > 0 THEN b.visit_ref = ANY (v_line.visit_refs)
                        ELSE b.planned_on BETWEEN coalesce(v_line.period_from, '-infinity') AND coalesce(v_line.period_to, 'infinity') END) s
     WHERE s.before < v_line.quantity;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION payments.invoice_give_visits_back(p_invoice payments.invoice) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  DELETE FROM payments.invoice_visit v USING payments.invoice_line l
   WHERE v.council_id = p_invoice.council_id AND v.invoice_id = p_invoice.id AND v.credited_by IS NULL
     AND l.council_id = v.council_id AND l.invoice_id = v.invoice_id AND l.line = v.line AND l.state <> 'approved'
$$;

CREATE OR REPLACE FUNCTION payments.invoice_header_checks(p_invoice payments.invoice)
RETURNS TABLE (line int, place int, code text, reason text, measured text, allowed text, ok boolean, sentence text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH sums AS (
    SELECT sum(l.net + l.tax) AS gross, string_agg(DISTINCT l.vat_category, ' ' ORDER BY l.vat_category) AS categories
      FROM payments.invoice_line l WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id),
  bank AS (
    SELECT a.* FROM (SELECT 1) one LEFT JOIN payments.provider_account a
        ON a.council_id = p_invoice.council_id AND a.organisation_id = p_invoice.organisation_id AND a.state IN ('verified', 'stopped'))
  SELECT 0, c.*
    FROM identity.organisation o, sums, bank,
         LATERAL (SELECT payments.tolerance_for('', 'document', p_invoice.gross) AS pence) tolerated,
         LATERAL (VALUES
    (1, 'provider', 'LEG', CASE WHEN o.ended_at IS NULL THEN 'active' ELSE 'ended' END, 'active', o.ended_at IS NULL,
     'Your organisation no longer works with this council.'),
    (2, 'totals', 'FIN', payments.pence_words(sums.gross), payments.pence_words(p_invoice.gross),
     p_invoice.gross - sums.gross BETWEEN 0 AND tolerated.pence,
     'The lines add up to ' || payments.pence_words(sums.gross) || ', but the invoice says ' || payments.pence_words(p_invoice.gross) || '.'),
    (3, 'vat', 'FIN', sums.categories || ', tax ' || payments.pence_words(p_invoice.tax), coalesce(bank.vat_profile, 'no tax'),
     CASE WHEN bank.vat_profile = 'not_registered' THEN p_invoice.tax = 0 AND sums.categories = 'O'
          WHEN bank.vat_profile IN ('standard', 'mixed') THEN true ELSE p_invoice.tax = 0 END,
     'The VAT on the invoice (' || sums.categories || ', ' || payments.pence_words(p_invoice.tax) || ') is not what we have agreed for you: '
     || coalesce(replace(bank.vat_profile, '_', ' '), 'no tax') || '.'),
    (4, 'bank', 'PAY',
     CASE WHEN p_invoice.bank_account IS NULL AND p_invoice.bank_iban IS NULL THEN 'none stated' ELSE 'stated' END, 'the verified details',
     CASE WHEN bank.id IS NULL OR (p_invoice.bank_account IS NULL AND p_invoice.bank_iban IS NULL) THEN NULL
          ELSE (p_invoice.bank_account IS NULL OR (p_invoice.bank_account = bank.account_number AND coalesce(p_invoice.bank_sort_code, bank.sort_code) = bank.sort_code))
           AND (p_invoice.bank_iban IS NULL OR p_invoice.bank_iban = bank.iban
                OR (bank.iban IS NULL AND right(p_invoice.bank_iban, 14) = bank.sort_code || bank.account_number)) END,
     'The bank details on the invoice are not the ones that we have checked with you. We only pay to checked details.')
    ) AS c (place, code, reason, measured, allowed, ok, sentence)
   WHERE o.id = p_invoice.organisation_id
$$;

-- The same measure as in payments.billable_visit, for a visit of which this much is set against an invoice already.
CREATE OR REPLACE FUNCTION payments.visit_quantity(v payments.visit, l payments.order_line, p_amount bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, payments AS $$
  SELECT CASE WHEN p_amount < v.amount THEN round(p_amount::numeric / greatest(l.unit_price, 1), 6)
              WHEN l.unit <> 'hour' AND v.amount = v.price THEN l.quantity::numeric
              WHEN l.unit = 'hour' AND abs(coalesce(v.actual_minutes, v.planned_minutes) * l.unit_price / 60.0 - v.amount) <= 1
                THEN round(coalesce(v.actual_minutes, v.planned_minutes) / 60.0, 6)
              ELSE round(v.amount::numeric / greatest(l.unit_price, 1), 6) END
$$;

-- What credit notes have taken back of a line.
CREATE OR REPLACE FUNCTION payments.credited(p_invoice bigint, p_line int) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT coalesce(sum(e.agreed), 0)::bigint
    FROM payments.invoice i JOIN payments.invoice_line e ON e.council_id = i.council_id AND e.invoice_id = i.id
   WHERE i.council_id = mc.council() AND i.corrects_id = p_invoice AND i.kind = 'credit_note' AND e.credits_line = p_line AND e.state = 'approved'
$$;

-- One row a line: what is ordered, delivered, billed before and covered by what the order holds. What the lines of the invoice itself bill before is counted for all
-- of them at once, and what others billed is looked up: line by line against line, an invoice of ten thousand lines took longer than jobs may spend on all others.
CREATE OR REPLACE FUNCTION payments.invoice_line_facts(p_invoice payments.invoice)
RETURNS TABLE (l payments.invoice_line, ol payments.order_line, order_state text, first_on date, last_on date, ordered numeric, delivered numeric,
               covered bigint, lacks bigint, billed numeric, repeats text, price numeric, paused text, names_paused boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH own AS MATERIALIZED (
    SELECT e.line, sum(e.quantity) FILTER (WHERE e.state <> 'approved') OVER (PARTITION BY e.order_line_id ORDER BY e.line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
           lag(e.line) OVER (PARTITION BY e.order_line_id, e.net, e.period_from, e.period_to ORDER BY e.line) AS alike
      FROM payments.invoice_line e
     WHERE e.council_id = p_invoice.council_id AND e.invoice_id = p_invoice.id AND e.order_line_id IS NOT NULL),
  -- Of lines that name their visits, those are alike that share one.
  visited AS MATERIALIZED (
    SELECT v.line, bool_or(v.nth > 1) AS is_alike
      FROM (SELECT e.line, row_number() OVER (PARTITION BY e.order_line_id, e.net, e.period_from, e.period_to, u.ref ORDER BY e.line) AS nth
              FROM payments.invoice_line e CROSS JOIN LATERAL (SELECT DISTINCT unnest(e.visit_refs)) u (ref)
             WHERE e.council_id = p_invoice.council_id AND e.invoice_id = p_invoice.id AND e.order_line_id IS NOT NULL) v
     GROUP BY v.line),
  billed AS MATERIALIZED (
    SELECT w.order_line_id, (SELECT sum(CASE i.kind WHEN 'credit_note' THEN -e.quantity ELSE e.quantity END)
                               FROM payments.invoice_line e JOIN payments.invoice i ON i.council_id = e.council_id AND i.id = e.invoice_id
                              WHERE e.council_id = p_invoice.council_id AND e.order_line_id = w.order_line_id AND e.state = 'approved' AND i.state <> 'rejected') AS quantity
      FROM (SELECT DISTINCT l.order_line_id FROM payments.invoice_line l WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id) w)
  SELECT l, ol, o.state, s.first_on, s.last_on,
         ol.occurrences * CASE ol.unit WHEN 'hour' THEN ol.quantity / 60.0 ELSE ol.quantity END,
         coalesce(d.quantity, 0), coalesce(d.amount, 0), coalesce(again.lacks, 0), coalesce(b.quantity, 0) + coalesce(own.before, 0),
         CASE WHEN r.id IS NULL OR r.id > p_invoice.id THEN coalesce(again_here.number, r.number) ELSE r.number END,
         -- The order's price is what is paid in all, so VAT counts; it was rounded to the penny for the line.
         CASE l.tax WHEN 0 THEN l.unit_price ELSE round(l.unit_price * (l.net + l.tax) / greatest(l.net, 1)) END,
         paused.days, coalesce(paused.is_named, false)
    FROM payments.invoice_line l
    LEFT JOIN own ON own.line = l.line
    LEFT JOIN visited ON visited.line = l.line
    LEFT JOIN billed b ON b.order_line_id = l.order_line_id
    LEFT JOIN LATERAL (SELECT p_invoice.number WHERE l.period_from IS NOT NULL AND l.period_to IS NOT NULL AND p_invoice.received_at > mc.now() - interval '90 days'
                          AND CASE cardinality(l.visit_refs) WHEN 0 THEN own.alike IS NOT NULL ELSE visited.is_alike END) again_here (number) ON true
    LEFT JOIN payments.orders o ON o.council_id = l.council_id AND o.id = l.order_id
    LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id
    LEFT JOIN LATERAL (SELECT min(v.planned_on) AS first_on, max(v.planned_on) AS last_on FROM payments.visit v
                        WHERE v.council_id = l.council_id AND v.order_line_id = ol.id) s ON true
    LEFT JOIN LATERAL (SELECT sum(payments.visit_quantity(v, ol, iv.amount)) AS quantity, sum(iv.amount)::bigint AS amount, bool_or(v.held = 0) AS is_again
                         FROM payments.invoice_visit iv JOIN payments.visit v ON v.council_id = iv.council_id AND v.id = iv.visit_id
                        WHERE iv.council_id = l.council_id AND iv.invoice_id = l.invoice_id AND iv.line = l.line) d ON true
    -- With the lines before it: they take from the same purses.
    LEFT JOIN LATERAL (SELECT payments.capture_lacks(array_agg(v.id), sum(iv.amount)::bigint) AS lacks
                         FROM payments.invoice_visit iv JOIN payments.visit v ON v.council_id = iv.council_id AND v.id = iv.visit_id
                        WHERE d.is_again AND v.held = 0 AND iv.council_id = l.council_id AND iv.invoice_id = l.invoice_id AND iv.line <= l.line) again ON true
    LEFT JOIN LATERAL (SELECT i.id, i.number FROM payments.invoice_line e JOIN payments.invoice i ON i.council_id = e.council_id AND i.id = e.invoice_id
                        WHERE e.council_id = l.council_id AND e.order_line_id = ol.id AND i.state <> 'rejected' AND i.kind <> 'credit_note'
                          AND e.state IN ('approved', 'disputed') AND i.received_at > mc.now() - interval '90 days' AND e.net = l.net
                          AND (e.period_from, e.period_to) = (l.period_from, l.period_to)
                          AND (cardinality(l.visit_refs) = 0 OR e.visit_refs && l.visit_refs)
                          AND (e.state <> 'approved' OR e.agreed > payments.credited(i.id, e.line))
                        ORDER BY i.id LIMIT 1) r ON true
    -- Of the visits that the line names, or of its time when it names none, those that were paused.
    LEFT JOIN LATERAL (SELECT string_agg(payments.day(v.planned_on), ', ' ORDER BY v.planned_on) AS days, bool_or(v.ref = ANY (l.visit_refs)) AS is_named FROM payments.visit v
                        WHERE v.council_id = l.council_id AND v.order_id = l.order_id AND v.order_line_id = ol.id AND v.state = 'paused'
                          AND CASE WHEN cardinality(l.visit_refs) > 0 THEN v.ref = ANY (l.visit_refs)
                                   ELSE v.planned_on BETWEEN coalesce(l.period_from, '-infinity') AND coalesce(l.period_to, 'infinity') END) paused ON true
   WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id AND l.state = 'open'
$$;

CREATE OR REPLACE FUNCTION payments.amount_words(p_quantity numeric, p_unit text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN trim_scale(round(p_quantity, 4))::text || ' ' || p_unit || CASE WHEN p_quantity = 1 THEN '' ELSE 's' END;

-- A check that needs an earlier one (no order, so no price) is not asked: ok is NULL. Invoices go by whole weeks: a period may reach six days
-- beyond the first and the last visit.
CREATE OR REPLACE FUNCTION payments.invoice_line_checks(p_invoice payments.invoice)
RETURNS TABLE (line int, place int, code text, reason text, measured text, allowed text, ok boolean, sentence text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  WITH fact AS MATERIALIZED (SELECT * FROM payments.invoice_line_facts(p_invoice)),
  decided AS MATERIALIZED (
    SELECT s.service, payments.tolerance_now(s.service, 'price') AS price, payments.tolerance_now(s.service, 'quantity') AS quantity, payments.tolerance_now(s.service, 'line') AS line
      FROM (SELECT DISTINCT (ol).listing_ref AS service FROM fact) s)
  SELECT (f.l).line, c.*
    FROM fact f
    JOIN decided d ON d.service IS NOT DISTINCT FROM (f.ol).listing_ref,
         LATERAL (SELECT (f.l).net + (f.l).tax AS gross, payments.tolerance_of(d.price, 'price', (f.ol).unit_price) AS price,
                         payments.tolerance_of(d.quantity, 'quantity', (f.l).quantity) AS quantity, payments.tolerance_of(d.line, 'line', (f.l).net) AS line) t,
         LATERAL (VALUES
    (1, 'order', 'REF', coalesce((f.l).order_ref, 'none stated'), 'an accepted order of this provider',
     (f.l).order_id IS NOT NULL AND f.order_state IN ('accepted', 'finished', 'cancelled'),
     CASE WHEN (f.l).order_ref IS NULL THEN 'The line names no order.'
          ELSE 'We know no accepted order ' || (f.l).order_ref || ' with you.' END),
    (2, 'order_line', 'ITM', coalesce(nullif((f.l).service, ''), 'none stated'), 'a service of the order',
     CASE WHEN (f.l).order_id IS NOT NULL THEN (f.ol).id IS NOT NULL END,
     'The order ' || coalesce((f.l).order_ref, '') || ' has no such service.'),
    (3, 'repeat', 'REF', coalesce(f.repeats, 'none'), 'none in 90 days', CASE WHEN (f.ol).id IS NOT NULL THEN f.repeats IS NULL END,
     'The same service, time and amount was already billed with invoice ' || coalesce(f.repeats, '') || '.'),
    (4, 'unit', 'ITM', (f.l).unit, (f.ol).unit, payments.unit_fits((f.l).unit, (f.ol).unit),
     'The order counts in ' || (f.ol).unit || 's, the invoice in ' || (f.l).unit || '.'),
    (5, 'price', 'PRI', payments.pence_words(f.price), payments.pence_words((f.ol).unit_price + t.price), f.price <= (f.ol).unit_price + t.price,
     'The price is ' || payments.pence_words(f.price) || ' for each ' || (f.ol).unit || '; the order says ' || payments.pence_words((f.ol).unit_price) || '.'),
    (6, 'sum', 'PRI', payments.pence_words((f.l).net), payments.pence_words(round((f.l).quantity * (f.l).unit_price)),
     abs((f.l).net - (f.l).quantity * (f.l).unit_price) <= t.line + 0.5,
     'Quantity times price is not ' || payments.pence_words((f.l).net) || '.'),
    (7, 'period', 'DEL', coalesce((f.l).period_from::text || ' to ' || (f.l).period_to::text, 'none stated'), f.first_on::text || ' to ' || f.last_on::text,
     CASE WHEN (f.l).period_from IS NOT NULL THEN (f.l).period_from >= f.first_on - 6 AND (f.l).period_to <= f.last_on + 6 END,
     'The order runs from ' || payments.day(f.first_on) || ' to ' || payments.day(f.last_on) || '.'),
    (8, 'delivered', 'DEL', trim_scale((f.l).quantity)::text, trim_scale(f.delivered + t.quantity)::text,
     CASE WHEN (f.ol).id IS NOT NULL THEN (f.l).quantity <= f.delivered + t.quantity END,
     'It bills ' || payments.amount_words((f.l).quantity, (f.ol).unit) || '; ' || payments.amount_words(f.delivered, (f.ol).unit)
     || ' were delivered in that time and not billed yet.'),
    (9, 'ordered', 'QTY', trim_scale(f.billed + (f.l).quantity)::text, trim_scale(f.ordered + t.quantity)::text, f.billed + (f.l).quantity <= f.ordered + t.quantity,
     'With the invoices before it, it bills ' || payments.amount_words(f.billed + (f.l).quantity, (f.ol).unit) || '; '
     || payments.amount_words(f.ordered, (f.ol).unit) || ' were ordered.'),
    (10, 'covered', 'FIN', payments.pence_words(t.gross), payments.pence_words(f.covered + t.line), CASE WHEN (f.ol).id IS NOT NULL THEN t.gross <= f.covered + t.line END,
     'What was delivered comes to ' || payments.pence_words(f.covered) || ', the line to ' || payments.pence_words(t.gross) || '.'),
    (11, 'budget', 'FIN', payments.pence_words(least(t.gross, f.covered) - f.lacks), payments.pence_words(least(t.gross, f.covered)),
     CASE WHEN (f.ol).id IS NOT NULL THEN f.lacks = 0 END,
     'The budget cannot carry it: the credit note gave the money back, and ' || payments.pence_words(f.lacks) || ' of it is promised to something else.'),
    (12, 'paused', 'DEL', coalesce(f.paused, 'none'), 'no paused visit',
     CASE WHEN (f.ol).id IS NOT NULL THEN NOT f.names_paused AND (f.paused IS NULL OR (f.l).quantity <= f.delivered + t.quantity) END,
     'It bills visits that were paused because the person was away: ' || f.paused || '. Nothing is due for them.')
    ) AS c (place, code, reason, measured, allowed, ok, sentence)
   WHERE p_invoice.kind <> 'credit_note'
$$;

CREATE OR REPLACE FUNCTION payments.credit_checks(p_invoice payments.invoice)
RETURNS TABLE (line int, place int, code text, reason text, measured text, allowed text, ok boolean, sentence text)
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT l.line, c.*
    FROM payments.invoice_line l
    LEFT JOIN payments.invoice_line g ON g.council_id = l.council_id AND g.invoice_id = p_invoice.corrects_id AND g.line = l.credits_line
    -- With the lines of this credit note before it: they take back from the same line.
    CROSS JOIN LATERAL (SELECT payments.credited(p_invoice.corrects_id, l.credits_line) + coalesce(sum(e.net + e.tax), 0)::bigint AS before
                          FROM payments.invoice_line e WHERE e.council_id = l.council_id AND e.invoice_id = l.invoice_id AND e.line < l.line
                           AND e.credits_line = l.credits_line AND e.state = 'open') k
    CROSS JOIN LATERAL (VALUES
    (1, 'corrects', 'REF', coalesce(p_invoice.corrects_id::text, 'none'), 'an invoice of this provider', p_invoice.corrects_id IS NOT NULL,
     'We do not know the invoice that this credit note takes back.'),
    (2, 'credited_line', 'ITM', coalesce(l.order_ref, 'none stated'), 'an approved line of that invoice',
     CASE WHEN p_invoice.corrects_id IS NOT NULL THEN coalesce(g.state = 'approved', false) END,
     'That invoice has no approved line that this one takes back.'),
    (3, 'credit', 'QTY', payments.pence_words(k.before + l.net + l.tax), payments.pence_words(g.agreed), k.before + l.net + l.tax <= g.agreed,
     'With the credit notes before it, it takes back ' || payments.pence_words(k.before + l.net + l.tax) || ' of ' || payments.pence_words(g.agreed) || '.')
    ) AS c (place, code, reason, measured, allowed, ok, sentence)
   WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id AND l.state = 'open' AND p_invoice.kind = 'credit_note'
$$;

-- A credit note's line takes back the approved line of the same order and service: that of the same time before one around it, and before any other.
CREATE OR REPLACE FUNCTION payments.credit_map_lines(p_invoice payments.invoice) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  UPDATE payments.invoice_line l
     SET credits_line = (SELECT g.line FROM payments.invoice_line g
                          WHERE g.council_id = l.council_id AND g.invoice_id = p_invoice.corrects_id AND g.state = 'approved'
                            AND g.order_line_id = l.order_line_id
                          ORDER BY (g.period_from, g.period_to) IS NOT DISTINCT FROM (l.period_from, l.period_to) DESC,
                                   coalesce(l.period_from >= g.period_from AND l.period_to <= g.period_to, false) DESC,
                                   g.agreed - payments.credited(g.invoice_id, g.line) >= l.net + l.tax DESC, g.net = l.net DESC, g.line LIMIT 1)
   WHERE l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id AND l.state = 'open' AND p_invoice.kind = 'credit_note'
$$;

-- Which tolerance a check allows; NULL: none, whatever it measures.
CREATE OR REPLACE FUNCTION payments.check_measure(p_code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE p_code WHEN 'totals' THEN 'document' WHEN 'price' THEN 'price' WHEN 'sum' THEN 'line' WHEN 'covered' THEN 'line'
                   WHEN 'delivered' THEN 'quantity' WHEN 'ordered' THEN 'quantity' END;

CREATE OR REPLACE FUNCTION payments.invoice_evaluate(p_invoice payments.invoice) RETURNS int
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  WITH round AS (
    SELECT coalesce(max(c.round), 0) + 1 AS n FROM payments.match_check c WHERE c.council_id = p_invoice.council_id AND c.invoice_id = p_invoice.id),
  checked AS MATERIALIZED (
    SELECT c.*, ol.listing_ref, CASE WHEN c.ok IS NOT NULL THEN payments.check_measure(c.code) END AS measure
      FROM (SELECT * FROM payments.invoice_header_checks(p_invoice) UNION ALL SELECT * FROM payments.invoice_line_checks(p_invoice)
            UNION ALL SELECT * FROM payments.credit_checks(p_invoice)) c
      LEFT JOIN payments.invoice_line l ON l.council_id = p_invoice.council_id AND l.invoice_id = p_invoice.id AND l.line = c.line
      LEFT JOIN payments.order_line ol ON ol.council_id = l.council_id AND ol.id = l.order_line_id),
  said AS MATERIALIZED (
    SELECT d.listing_ref, d.measure, payments.tolerance_words(d.listing_ref, d.measure) AS tolerance FROM (SELECT DISTINCT listing_ref, measure FROM checked WHERE measure IS NOT NULL) d),
  stored AS (
    INSERT INTO payments.match_check (council_id, invoice_id, round, line, place, code, reason, measured, allowed, verdict, sentence, tolerance)
    SELECT p_invoice.council_id, p_invoice.id, round.n, c.line, c.place, c.code, c.reason, coalesce(c.measured, 'not known'), coalesce(c.allowed, 'not known'),
           CASE c.ok WHEN true THEN 'pass' WHEN false THEN 'fail' ELSE 'not_asked' END, CASE WHEN NOT c.ok THEN coalesce(c.sentence, 'This does not fit the order.') END,
           said.tolerance
      FROM round CROSS JOIN checked c LEFT JOIN said ON said.measure = c.measure AND said.listing_ref IS NOT DISTINCT FROM c.listing_ref)
  SELECT n FROM round
$$;

-- Failures of a round that no person accepted before: they become open exceptions. Exceptions that no longer fail are cleared.
CREATE OR REPLACE FUNCTION payments.exceptions_open(p_invoice payments.invoice, p_round int) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_open int;
BEGIN
  UPDATE payments.exception e SET state = 'resolved', resolution = 'cleared', resolved_at = mc.now()
   WHERE e.council_id = p_invoice.council_id AND e.invoice_id = p_invoice.id AND e.state = 'open'
     AND NOT EXISTS (SELECT FROM payments.match_check c WHERE c.council_id = e.council_id AND c.invoice_id = e.invoice_id AND c.round = p_round
                        AND c.line = e.line AND c.code = e.code AND c.verdict = 'fail');
  INSERT INTO payments.exception (council_id, ref, invoice_id, line, code, reason, sentence)
  SELECT c.council_id, mc.new_ref(), c.invoice_id, c.line, c.code, c.reason, c.sentence
    FROM payments.match_check c
   WHERE c.council_id = p_invoice.council_id AND c.invoice_id = p_invoice.id AND c.round = p_round AND c.verdict = 'fail'
     AND NOT EXISTS (SELECT FROM payments.exception e WHERE e.council_id = c.council_id AND e.invoice_id = c.invoice_id AND e.line = c.line
                        AND e.code = c.code AND (e.state = 'open' OR e.resolution IN ('accepted', 'disputed')));
  SELECT count(*) INTO v_open FROM payments.exception e
   WHERE e.council_id = p_invoice.council_id AND e.invoice_id = p_invoice.id AND e.state = 'open';
  RETURN v_open;
END $$;

-- Evaluates and either approves (capturing from the purses that hold the order) or opens exceptions in words. Locks the orders first, so that two
-- invoices for one order are judged one after the other. Their lines name the order already, which shares its key: a lock on the key would be a deadlock.
CREATE OR REPLACE FUNCTION payments.invoice_match(p_invoice bigint) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_invoice payments.invoice;
BEGIN
  SELECT * INTO STRICT v_invoice FROM payments.invoice WHERE council_id = mc.council() AND id = p_invoice FOR NO KEY UPDATE;
  PERFORM payments.invoice_map_lines(v_invoice);
  PERFORM 1 FROM payments.orders o
    WHERE o.council_id = mc.council()
      AND o.id IN (SELECT l.order_id FROM payments.invoice_line l WHERE l.council_id = mc.council() AND l.invoice_id = p_invoice)
    ORDER BY o.id FOR NO KEY UPDATE;
  IF v_invoice.kind = 'credit_note' THEN
    PERFORM payments.credit_map_lines(v_invoice);
  ELSE
    PERFORM payments.invoice_take_visits(v_invoice);
  END IF;
  IF payments.exceptions_open(v_invoice, payments.invoice_evaluate(v_invoice)) = 0 THEN
    RETURN payments.invoice_approve(v_invoice);
  END IF;
  PERFORM payments.invoice_give_visits_back(v_invoice);
  RETURN payments.invoice_except(v_invoice);
END $$;
