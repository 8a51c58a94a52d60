-- 210 corruptions of log and ledger, one at a time, by somebody who may do everything to the database: 35 sorts at 6 places. Each has to be named by a
-- finding about the object that was touched. Every one is undone before the next: the rows stay as they were.
SET session_replication_role = replica;
CREATE TABLE public.t_sort (sort text PRIMARY KEY, act text NOT NULL);
-- $1 is the place. The statement does the harm and returns what has to be named.
INSERT INTO public.t_sort VALUES
  ('entry: one penny more', $$UPDATE ledger.entry SET amount = amount + 1 WHERE (council_id, journal_id, line) = (SELECT council_id, journal_id, line FROM pick_entry($1)) RETURNING journal_id::text$$),
  ('entry: both sides of a journal changed', $$UPDATE ledger.entry SET amount = amount + sign(amount)::int * 7 WHERE (council_id, journal_id) = (SELECT council_id, journal_id FROM pick_entry($1)) RETURNING journal_id::text$$),
  ('entry: another account', $$UPDATE ledger.entry e SET account_id = (SELECT id FROM ledger.account a WHERE a.council_id = e.council_id AND a.id <> e.account_id ORDER BY id LIMIT 1) WHERE (council_id, journal_id, line) = (SELECT council_id, journal_id, line FROM pick_entry($1)) RETURNING journal_id::text$$),
  ('entry: removed', $$DELETE FROM ledger.entry WHERE (council_id, journal_id, line) = (SELECT council_id, journal_id, line FROM pick_entry($1)) RETURNING journal_id::text$$),
  ('entry: one more', $$INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount) SELECT council_id, journal_id, 99, account_id, 1 FROM pick_entry($1) RETURNING journal_id::text$$),
  ('entry: two more that add up to nothing', $$INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount) SELECT council_id, journal_id, 98 + s, account_id, 2 * s - 1 FROM pick_entry($1), generate_series(0, 1) s RETURNING journal_id::text$$),
  ('entry: swapped with that of another journal', $$WITH x AS (SELECT * FROM pick_entry($1)), y AS (SELECT e.* FROM ledger.entry e, x WHERE e.council_id = x.council_id AND e.journal_id <> x.journal_id AND e.amount <> x.amount ORDER BY e.journal_id LIMIT 1)
      UPDATE ledger.entry e SET amount = CASE e.journal_id WHEN x.journal_id THEN y.amount ELSE x.amount END FROM x, y WHERE (e.council_id, e.journal_id, e.line) IN ((x.council_id, x.journal_id, x.line), (y.council_id, y.journal_id, y.line)) RETURNING e.journal_id::text$$),
  ('entry: the balance behind it', $$UPDATE ledger.entry SET balance_after = balance_after + 1 WHERE (council_id, journal_id, line) = (SELECT council_id, journal_id, line FROM ledger.entry WHERE balance_after IS NOT NULL ORDER BY journal_id, line OFFSET $1 * 3 LIMIT 1) RETURNING journal_id::text$$),
  ('journal: removed with its entries', $$WITH x AS (SELECT * FROM pick_entry($1)), d AS (DELETE FROM ledger.entry e USING x WHERE (e.council_id, e.journal_id) = (x.council_id, x.journal_id))
      DELETE FROM ledger.journal j USING x WHERE (j.council_id, j.id) = (x.council_id, x.journal_id) RETURNING j.id::text$$),
  ('journal: put in', $$WITH j AS (INSERT INTO ledger.journal (council_id, idem_key, idem_sha256, kind, ref, effective_on, period_id) SELECT j.council_id, gen_random_uuid(), 'x', 'capture', 'GHOST', j.effective_on, j.period_id FROM ledger.journal j ORDER BY id OFFSET $1 LIMIT 1 RETURNING *)
      INSERT INTO ledger.entry (council_id, journal_id, line, account_id, amount) SELECT j.council_id, j.id, s, a.id, 2 * s - 3 FROM j, generate_series(1, 2) s, (SELECT min(id) AS id FROM ledger.account WHERE NOT no_overdraw) a RETURNING journal_id::text$$),
  ('journal: another day', $$UPDATE ledger.journal SET effective_on = effective_on + 1 WHERE (council_id, id) = (SELECT council_id, journal_id FROM pick_entry($1)) RETURNING id::text$$),
  ('journal: another object', $$UPDATE ledger.journal SET ref = 'OTHER' WHERE (council_id, id) = (SELECT council_id, journal_id FROM pick_entry($1)) RETURNING id::text$$),
  ('journal: another actor', $$UPDATE ledger.journal SET actor_id = coalesce(actor_id, 0) + 1 WHERE (council_id, id) = (SELECT council_id, journal_id FROM pick_entry($1)) RETURNING id::text$$),
  ('account: more credit', $$UPDATE ledger.account SET cr_posted = cr_posted + 100 WHERE (council_id, id) = (SELECT council_id, id FROM pick_purse($1)) RETURNING id::text$$),
  ('account: less debit', $$UPDATE ledger.account SET dr_posted = dr_posted + 1, cr_posted = cr_posted + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_purse($1)) RETURNING id::text$$),
  ('account: pending', $$UPDATE ledger.account SET dr_pending = dr_pending + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_purse($1)) RETURNING id::text$$),
  ('hold: captured', $$UPDATE ledger.hold SET amount = amount + 1, captured = captured + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_hold($1)) RETURNING id::text$$),
  ('hold: released', $$UPDATE ledger.hold SET amount = amount + 1, released = released + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_hold($1)) RETURNING id::text$$),
  ('hold move: removed', $$DELETE FROM ledger.hold_move WHERE (council_id, id) = (SELECT council_id, id FROM ledger.hold_move ORDER BY id OFFSET $1 * 5 LIMIT 1) RETURNING hold_id::text$$),
  ('hold move: another amount', $$UPDATE ledger.hold_move SET amount = amount + 1 WHERE (council_id, id) = (SELECT council_id, id FROM ledger.hold_move ORDER BY id OFFSET $1 * 5 LIMIT 1) RETURNING hold_id::text$$),
  ('allocation: another amount', $$UPDATE payments.allocation SET amount = amount + 1 WHERE (council_id, id) = (SELECT council_id, id FROM payments.allocation ORDER BY id OFFSET $1 LIMIT 1) RETURNING id::text$$),
  ('capture: another amount', $$UPDATE payments.capture SET amount = amount + 1 WHERE (council_id, id) = (SELECT council_id, id FROM payments.capture ORDER BY id OFFSET $1 % (SELECT count(*) FROM payments.capture) LIMIT 1) RETURNING id::text$$),
  ('order: another state', $$UPDATE payments.orders SET state = CASE state WHEN 'asked' THEN 'finished' ELSE 'asked' END WHERE (council_id, id) = (SELECT council_id, id FROM payments.orders ORDER BY id OFFSET $1 * 3 LIMIT 1) RETURNING ref$$),
  ('order: another total', $$UPDATE payments.orders SET total = total + 1 WHERE (council_id, id) = (SELECT council_id, id FROM payments.orders ORDER BY id OFFSET $1 * 3 LIMIT 1) RETURNING ref$$),
  ('order: a provider that does not exist', $$UPDATE payments.orders SET organisation_id = -1 WHERE (council_id, id) = (SELECT council_id, id FROM payments.orders ORDER BY id OFFSET $1 * 3 LIMIT 1) RETURNING ref$$),
  ('visit: another state', $$UPDATE payments.visit SET state = CASE state WHEN 'planned' THEN 'confirmed' ELSE 'planned' END WHERE (council_id, id) = (SELECT council_id, id FROM payments.visit ORDER BY id OFFSET $1 * 3 LIMIT 1) RETURNING ref$$),
  ('event: another verb', $$UPDATE audit.event SET verb = 'order_accept_it' WHERE (council_id, id) = (SELECT council_id, id FROM pick_event($1)) RETURNING id::text$$),
  ('event: another amount', $$UPDATE audit.event SET amount = coalesce(amount, 0) + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_event($1)) RETURNING id::text$$),
  ('event: another actor', $$UPDATE audit.event SET account_id = coalesce(account_id, 0) + 1 WHERE (council_id, id) = (SELECT council_id, id FROM pick_event($1)) RETURNING id::text$$),
  ('event: another second', $$UPDATE audit.event SET at = at + interval '1 second' WHERE (council_id, id) = (SELECT council_id, id FROM pick_event($1)) RETURNING id::text$$),
  ('event: removed', $$DELETE FROM audit.event WHERE (council_id, id) = (SELECT council_id, id FROM pick_event($1)) RETURNING id::text$$),
  ('event: put into the past', $$INSERT INTO audit.event (council_id, at, verb, kind, ref) SELECT council_id, now() - interval '2 hours', 'order_place', 'order', 'GHOST' FROM pick_event($1) RETURNING id::text$$),
  ('seal: another digest', $$UPDATE audit.seal SET sha256 = sha256('x') WHERE (council_id, block) = (SELECT council_id, block FROM audit.seal ORDER BY council_id, block OFFSET $1 LIMIT 1) RETURNING block::text$$),
  ('seal: a block removed', $$DELETE FROM audit.seal WHERE (council_id, block) = (SELECT council_id, block FROM audit.seal WHERE council_id = 901 ORDER BY block OFFSET $1 LIMIT 1) RETURNING block::text$$),
  ('sealed event: event and its digest removed', $$WITH x AS (SELECT * FROM pick_event($1)), d AS (DELETE FROM audit.event e USING x WHERE (e.council_id, e.id) = (x.council_id, x.id))
      DELETE FROM audit.sealed_event s USING x WHERE (s.council_id, s.event_id) = (x.council_id, x.id) RETURNING s.block::text$$);

CREATE FUNCTION public.pick_entry(p_n int) RETURNS SETOF ledger.entry LANGUAGE sql STABLE AS $$ SELECT * FROM ledger.entry ORDER BY journal_id, line OFFSET p_n * 17 LIMIT 1 $$;
CREATE FUNCTION public.pick_purse(p_n int) RETURNS SETOF ledger.account LANGUAGE sql STABLE AS $$ SELECT * FROM ledger.account WHERE no_overdraw AND cr_posted - dr_posted - dr_pending > 100 ORDER BY id OFFSET p_n * 3 LIMIT 1 $$;
CREATE FUNCTION public.pick_hold(p_n int) RETURNS SETOF ledger.hold LANGUAGE sql STABLE AS $$ SELECT * FROM ledger.hold ORDER BY id OFFSET p_n * 5 LIMIT 1 $$;
CREATE FUNCTION public.pick_event(p_n int) RETURNS SETOF audit.event LANGUAGE sql STABLE AS $$ SELECT * FROM audit.event ORDER BY id OFFSET p_n * 41 LIMIT 1 $$;

CREATE TABLE public.t_planted (sort text, place int, touched text, findings text, is_named boolean);
DO $$
DECLARE
  s          record;
  v_touched  text;
  v_findings text;
  v_named    boolean;
BEGIN
  FOR s IN SELECT sort, act, place FROM public.t_sort, generate_series(1, 6) AS place ORDER BY sort, place LOOP
    BEGIN
      v_touched := NULL;
      EXECUTE s.act INTO v_touched USING s.place;
      -- The number of the touched object stands as a word of its own.
      SELECT string_agg(f.check_name || ' ' || f.object, '; '), bool_or(f.object ~ ('\m' || v_touched || '\M')) INTO v_findings, v_named
        FROM (SELECT v.* FROM unnest(ARRAY['journals', 'ledger', 'events', 'blocks', 'payments']) AS part, payments.verify_part(part) AS v) AS f;
      RAISE EXCEPTION USING ERRCODE = 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
      INSERT INTO public.t_planted VALUES (s.sort, s.place, v_touched, v_findings, v_touched IS NOT NULL AND v_named IS TRUE);
    END;
  END LOOP;
END $$;
RESET session_replication_role;
