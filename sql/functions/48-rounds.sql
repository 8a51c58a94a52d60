-- What the matcher of payments/bank is given, and what becomes of its answer. Jobs asks for the work of each bank account page by page, lets the library match it
-- and hands the answer back in pieces: certain results are applied, the rest is stored as explanations for a person. Nothing is kept in between, so a round that
-- is cut off is simply done again; what changed meanwhile is refused by payments.allocation_target.

-- Money that is expected on an account, signed like the bank line that settles it, and what was settled lately: a payment comes back, or is booked again.
-- At most p_most runs, payments or income items behind this id.
CREATE OR REPLACE FUNCTION payments.expected_items(p_bank bigint, p_kind text, p_after bigint, p_most int) RETURNS TABLE (id bigint, item jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  (SELECT r.id, jsonb_build_object('id', 'run:' || r.ref, 'kind', 'run', 'amount', payments.decimal(-CASE r.state WHEN 'settled' THEN r.total ELSE payments.run_open(r.id) END),
                                   'due', r.pay_on, 'settled', r.settled_on, 'reference', r.message_id, 'end_to_end_id', r.message_id || '-1', 'run', r.ref)
     FROM payments.run r
    WHERE p_kind = 'run' AND r.council_id = mc.council() AND r.bank_account_id = p_bank AND r.id > p_after
      AND (r.state IN ('emitted', 'acknowledged') AND payments.run_open(r.id) > 0 OR r.state = 'settled' AND r.settled_on > ledger.today() - 120)
    ORDER BY r.id LIMIT p_most)
  UNION ALL
  (SELECT p.id, jsonb_build_object('id', 'payment:' || p.reference, 'kind', 'payment', 'amount', payments.decimal(-p.amount), 'due', r.pay_on, 'settled', p.settled_on,
                                   'reference', p.reference, 'end_to_end_id', p.reference, 'run', r.ref, 'documents', d.numbers,
                                   'party', jsonb_build_object('id', o.ref, 'name', p.payee_name, 'account', coalesce(p.payee_iban, p.payee_sort_code || p.payee_account)))
     FROM payments.payment p
     JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
     JOIN identity.organisation o ON o.id = p.organisation_id
    CROSS JOIN LATERAL (SELECT jsonb_agg(i.number ORDER BY i.id) AS numbers
                          FROM payments.payment_invoice x JOIN payments.invoice i ON i.council_id = x.council_id AND i.id = x.invoice_id
                         WHERE x.council_id = p.council_id AND x.payment_id = p.id) d
    WHERE p_kind = 'payment' AND p.council_id = mc.council() AND r.bank_account_id = p_bank AND p.id > p_after
      AND (p.state = 'emitted' OR p.state = 'settled' AND p.settled_on > ledger.today() - 120)
    ORDER BY p.id LIMIT p_most)
  UNION ALL
  (SELECT i.id, jsonb_build_object('id', 'income:' || i.ref, 'kind', s.kind, 'amount', payments.decimal(CASE i.received WHEN i.amount THEN i.amount ELSE i.amount - i.received END),
                                   'due', i.due_on, 'settled', CASE i.received WHEN i.amount THEN i.received_on END, 'reference', s.reference,
                                   'party', jsonb_build_object('id', coalesce(p.ref, s.ref), 'name', s.payer_name))
     FROM payments.income_item i
     JOIN payments.income_series s ON s.council_id = i.council_id AND s.id = i.series_id
     LEFT JOIN identity.person p ON p.council_id = s.council_id AND p.id = s.person_id
    WHERE p_kind = 'income' AND i.council_id = mc.council() AND s.bank_account_id = p_bank AND i.id > p_after
      AND (i.received < i.amount OR i.received_on > ledger.today() - 120)
    ORDER BY i.id LIMIT p_most)
$$;

-- The open lines of an account, at most p_most behind this day and id. What a rule or a person placed of a line is gone from its amount, but for a batch,
-- whose transactions are matched each by itself: there the books refuse what was placed before.
CREATE OR REPLACE FUNCTION payments.open_entries(p_bank bigint, p_day date, p_after bigint, p_most int) RETURNS TABLE (id bigint, booked_on date, ref text, entry jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  SELECT e.id, e.booked_on, e.ref,
         jsonb_build_object('bank_ref', e.bank_ref, 'end_to_end_id', e.end_to_end_id, 'instruction_id', e.instruction_id, 'return_reason', e.return_reason,
                            'counterparty', jsonb_build_object('name', e.counterparty_name, 'account', e.counterparty_account), 'remittance', jsonb_build_array(e.remittance))
         || e.said
         || jsonb_build_object('amount', payments.decimal(CASE WHEN jsonb_array_length(e.details) > 1 THEN e.amount ELSE e.amount - e.allocated END),
                               'booked', e.booked_on, 'value', e.value_on, 'status', 'booked', 'reversal', e.is_reversal, 'details', e.details)
    FROM payments.bank_entry e JOIN payments.statement s ON s.council_id = e.council_id AND s.id = e.statement_id AND s.state = 'open'
   WHERE e.council_id = mc.council() AND e.bank_account_id = p_bank AND e.allocated <> e.amount AND (e.booked_on, e.id) > (p_day, p_after)
   ORDER BY e.booked_on, e.id LIMIT p_most
$$;

-- The accounts that a round is about.
CREATE OR REPLACE FUNCTION payments.matching_accounts() RETURNS TABLE (id bigint, account text, currency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  SELECT b.id, b.sort_code || b.account_number, b.currency FROM payments.bank_account b
   WHERE b.council_id = mc.council() AND EXISTS (SELECT FROM payments.open_entries(b.id, '-infinity', 0, 1)) ORDER BY b.id
$$;

-- A payment that money comes back from is a return of it; so is income that goes back. Worked out inside the query that asks.
CREATE OR REPLACE FUNCTION payments.item_meant(p_item text, p_amount bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_amount > 0 AND p_item LIKE 'payment:%' THEN 'return:' || substr(p_item, 9)
            WHEN p_amount < 0 AND p_item LIKE 'income:%' THEN 'income_return:' || substr(p_item, 8) ELSE p_item END;

-- The matcher's lines, one for each of these entries in their order.
CREATE OR REPLACE FUNCTION payments.matching_lines(p_entries bigint[], p_results text)
RETURNS payments.matching_line[]
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT array_agg(ROW(t.at, r.j->>'class', r.j->>'rule',
           coalesce((SELECT jsonb_agg(jsonb_build_object('item', payments.item_meant(a.item, a.amount), 'amount', a.amount) ORDER BY a.n)
                       FROM (SELECT x.one->>'item' AS item, payments.pence(x.one->>'amount') AS amount, x.n
                               FROM jsonb_array_elements(r.j->'allocations') WITH ORDINALITY AS x (one, n) OFFSET 0) a), '[]'),
           r.j->'evidence', r.j->'candidates', p_entries[t.at])::payments.matching_line ORDER BY t.at)
    FROM string_to_table(rtrim(p_results, E'\n'), E'\n') WITH ORDINALITY AS t (line, at)
   CROSS JOIN LATERAL (SELECT t.line::jsonb AS j OFFSET 0) r
   WHERE t.line <> ''
$$;

-- Certain results, payments before returns: a return needs its payment settled, whichever line came first. What a rule has placed in part is a
-- person's from then on, but for batches.
CREATE OR REPLACE FUNCTION payments.matching_apply(p_lines payments.matching_line[]) RETURNS jsonb
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  SELECT payments.placings_apply(ARRAY(
    SELECT ROW(l.entry_id, a.item, split_part(a.item, ':', 1), split_part(a.item, ':', 2), (a.one->>'amount')::bigint, l.rule, l.evidence)::payments.bank_placing
      FROM unnest(p_lines) l
      JOIN payments.bank_entry e ON e.council_id = mc.council() AND e.id = l.entry_id AND (e.allocated = 0 OR jsonb_array_length(e.details) > 1)
     CROSS JOIN LATERAL (SELECT x.one, x.one->>'item' AS item, x.n FROM jsonb_array_elements(l.allocations) WITH ORDINALITY AS x (one, n) OFFSET 0) a
     WHERE l.class = 'post'
     ORDER BY a.item LIKE '%return:%', l.at, a.n))
$$;

-- What is proposed for a line, then what is only worth showing; each once, the best three.
CREATE OR REPLACE FUNCTION payments.matching_propose(p_lines payments.matching_line[]) RETURNS int
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  DELETE FROM payments.bank_proposal p
   WHERE p.council_id = mc.council() AND p.entry_id IN (SELECT l.entry_id FROM unnest(p_lines) l);
  WITH said AS (
    SELECT e.id, 0 AS nth, l.allocations, l.rule, coalesce(l.evidence->>'note', '') AS why, l.evidence
      FROM unnest(p_lines) l
      JOIN payments.bank_entry e ON e.council_id = mc.council() AND e.id = l.entry_id AND e.allocated <> e.amount
     WHERE l.allocations <> '[]' AND l.class <> 'none'
    UNION ALL
    SELECT e.id, c.n::int, jsonb_build_array(jsonb_build_object('item', payments.item_meant(c.one->>'item', e.amount - e.allocated), 'amount', e.amount - e.allocated)),
           NULL, c.one->>'why', '{}'
      FROM unnest(p_lines) l
      JOIN payments.bank_entry e ON e.council_id = mc.council() AND e.id = l.entry_id AND e.allocated <> e.amount
     CROSS JOIN LATERAL jsonb_array_elements(l.candidates) WITH ORDINALITY AS c (one, n)),
  once AS (SELECT DISTINCT ON (s.id, s.allocations #>> '{0,item}', jsonb_array_length(s.allocations)) s.*
             FROM said s ORDER BY s.id, s.allocations #>> '{0,item}', jsonb_array_length(s.allocations), s.nth),
  placed AS (SELECT o.*, row_number() OVER (PARTITION BY o.id ORDER BY o.nth)::int AS place FROM once o),
  kept AS (INSERT INTO payments.bank_proposal (council_id, entry_id, ref, place, allocations, rule, why, evidence)
           SELECT mc.council(), p.id, left(md5(p.allocations::text), 12), p.place, p.allocations, p.rule, p.why, p.evidence FROM placed p WHERE p.place <= 3
           RETURNING 1)
  SELECT count(*)::int FROM kept
$$;

CREATE OR REPLACE FUNCTION payments.matching_take(p_entries bigint[], p_results text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
DECLARE
  v_lines payments.matching_line[] := payments.matching_lines(p_entries, p_results);
  v_count jsonb;
BEGIN
  PERFORM payments.require_role('finance');
  -- Two rounds at once: the second waits, finds the lines placed, and stores the same explanations.
  PERFORM 1 FROM payments.bank_entry e WHERE e.council_id = mc.council() AND e.id = ANY (p_entries) ORDER BY e.id FOR UPDATE;
  v_count := payments.matching_apply(v_lines);
  PERFORM payments.matching_propose(v_lines);
  RETURN v_count || jsonb_build_object('unmatched', (SELECT count(*) FROM payments.bank_entry e
                                                      WHERE e.council_id = mc.council() AND e.id = ANY (p_entries) AND e.allocated <> e.amount));
END $$;

-- A round waits to be done by jobs.
CREATE OR REPLACE FUNCTION payments.is_matching() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (SELECT FROM jobs.outbox o WHERE o.council_id = mc.council() AND o.topic = 'reconcile' AND o.done_at IS NULL AND o.parked_at IS NULL);

-- ---------------------------------------------------------------- for people

-- The stored explanations of a statement's open lines; fits says that one press can settle it.
CREATE OR REPLACE FUNCTION payments.entry_explanations(p_statement text, p_page int DEFAULT 1)
RETURNS TABLE (entry_ref text, explanation text, kind text, reference text, payee text, amount bigint, fits boolean, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, payments AS $$
  SELECT e.ref, x.ref, CASE WHEN a.n > 1 THEN 'several' ELSE split_part(a.item, ':', 1) END, coalesce(n.reference, a.reference), coalesce(p.payee_name, n.payer_name, ''),
         coalesce(p.amount, a.amount), a.fits, x.why
    FROM payments.statement s
   CROSS JOIN LATERAL (SELECT o.* FROM payments.bank_entry o WHERE o.council_id = s.council_id AND o.statement_id = s.id AND o.allocated <> o.amount
                        ORDER BY o.id LIMIT 50 OFFSET 50 * (greatest(p_page, 1) - 1)) e
    JOIN payments.bank_proposal x ON x.council_id = e.council_id AND x.entry_id = e.id
   CROSS JOIN LATERAL (
     SELECT count(*) AS n, min(j.item) AS item, string_agg(j.name, ', ' ORDER BY j.at) AS reference, abs(sum(j.amount))::bigint AS amount,
            bool_and(t.kind IS NOT NULL AND coalesce(t.bank_ref, b.ref) = b.ref) AND abs(sum(j.amount)) <= abs(e.amount - e.allocated) AS fits
       FROM payments.allocations_read(x.allocations) j
       JOIN payments.bank_account b ON b.council_id = e.council_id AND b.id = e.bank_account_id
       LEFT JOIN LATERAL payments.allocation_target(j.kind, j.name, j.amount) t ON true) a
    LEFT JOIN payments.payment p ON a.n = 1 AND p.council_id = e.council_id AND a.item IN ('payment:' || p.reference, 'return:' || p.reference)
    LEFT JOIN LATERAL (SELECT i.reference, i.payer_name FROM payments.income_item t JOIN payments.income_series i ON i.council_id = t.council_id AND i.id = t.series_id
                        WHERE a.n = 1 AND t.council_id = e.council_id AND a.item IN ('income:' || t.ref, 'income_return:' || t.ref)) n ON true
   WHERE s.council_id = mc.council() AND s.ref = p_statement AND mc.role() IN ('finance', 'auditor')
   ORDER BY e.id, x.place
$$;

-- Why an allocation was made, from what the matcher or a person left with it.
CREATE OR REPLACE FUNCTION payments.evidence_words(p_evidence jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, payments AS $$
  SELECT concat_ws(' ', p_evidence->>'why', p_evidence->>'note',
    (SELECT string_agg(CASE WHEN m->>'ours' IS NULL THEN replace(m->>'field', '_', ' ') || ' ' || (m->>'theirs')
                            WHEN m->>'theirs' IS NULL THEN (m->>'ours') || ' in the ' || m.field
                            ELSE (m->>'ours') || ' found in the ' || m.field || ' as ' || (m->>'theirs') END, '; ' ORDER BY at) || '.'
       FROM (SELECT j, at, CASE j->>'field' WHEN 'remittance' THEN 'text' WHEN 'counterparty.name' THEN 'name' WHEN 'counterparty.account' THEN 'account'
                                            ELSE replace(j->>'field', '_', ' ') END AS field
               FROM jsonb_array_elements(p_evidence->'matched_on') WITH ORDINALITY AS t (j, at)) AS m (m, at, field)),
    (SELECT string_agg(replace(v.key, '_', ' ') || ' ' || v.value, ', ' ORDER BY v.key) || '.'
       FROM jsonb_each_text(p_evidence - '{why,note,rule,matched_on,amount_due,amount_bank,difference,engine,other_entry}'::text[]) v))
$$;
