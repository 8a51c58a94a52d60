-- A statement comes in pieces: nothing is anything before the last step, which does what the import of the whole does, once.
BEGIN;
\ir fixture.psql
\ir bills.psql
SELECT no_plan();
SELECT be('finance') \g /dev/null
SELECT sort_code || account_number AS number FROM payments.bank_account WHERE council_id = 901 ORDER BY id LIMIT 1 \gset

-- Seven lines of two statements: the same booking twice, once more in another piece and once under no reference of the bank's; a pending one.
CREATE TABLE pg_temp.line (at int GENERATED ALWAYS AS IDENTITY, statement int, b jsonb);
INSERT INTO pg_temp.line (statement, b)
SELECT s, jsonb_build_object('amount', a, 'booked', d, 'value', d, 'status', t, 'reversal', false, 'bank_ref', r, 'end_to_end_id', 'E' || n, 'remittance', jsonb_build_array('Line ' || n), 'details', '[]'::jsonb)
  FROM (VALUES (1, 1, '-4.20', '2026-11-20', 'booked', 'B7'), (2, 1, '-4.20', '2026-11-20', 'booked', 'B7'), (3, 1, '100.00', '2026-11-21', 'booked', 'B8'), (4, 1, '-1.00', NULL, 'pending', 'B9'),
               (5, 1, '-4.20', '2026-11-20', 'booked', 'B7'), (6, 1, '-4.20', '2026-11-20', 'booked', NULL), (7, 2, '-3.00', '2026-11-22', 'booked', 'B10')) x (n, s, a, d, t, r) ORDER BY n;
CREATE FUNCTION pg_temp.head(p_statement int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('id', 'S' || p_statement, 'account', (SELECT sort_code || account_number FROM payments.bank_account WHERE council_id = 901 ORDER BY id LIMIT 1), 'currency', 'GBP',
    'opening', jsonb_build_object('amount', '1000.00', 'date', '2026-11-19'), 'closing', NULL, 'balance', 'undecided')
$$;
-- What the reader writes: each line, and a statement's head behind its entries.
CREATE TABLE pg_temp.said (n int GENERATED ALWAYS AS IDENTITY, line text);
INSERT INTO pg_temp.said (line)
SELECT line FROM (SELECT statement, at, b::text AS line FROM pg_temp.line
                  UNION ALL SELECT s, 99, jsonb_build_object('statement', pg_temp.head(s) || '{"format": "camt.053.001.08"}')::text FROM generate_series(1, 2) s) x ORDER BY statement, at;
CREATE FUNCTION pg_temp.lines(p_from int, p_to int) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(line || E'\n', '' ORDER BY n) FROM pg_temp.said WHERE n BETWEEN p_from AND p_to $$;
CREATE FUNCTION pg_temp.file(p_bytes text) RETURNS text LANGUAGE sql AS $$ SELECT jobs.file_store(gen_random_uuid(), 'statement', 's.xml', p_bytes::bytea)->>'ref' $$;
CREATE FUNCTION pg_temp.stored() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(x::text, E'\n' ORDER BY x) FROM (
    SELECT s.statement_id, s.format, s.opening, s.opening_on, s.closing, s.balance, s.follows, s.entries, s.fresh, s.skipped, s.state, NULL AS at, NULL AS e, 0 AS ordinal, 0 AS amount, '' AS remittance FROM payments.statement s
    UNION ALL SELECT s.statement_id, e.bank_ref, NULL, e.booked_on, NULL, e.end_to_end_id, e.counterparty_name, NULL, NULL, NULL, NULL, row_number() OVER (ORDER BY e.id), e.said::text, e.ordinal, e.amount, e.remittance
      FROM payments.bank_entry e JOIN payments.statement s ON s.id = e.statement_id) x
$$;
CREATE FUNCTION pg_temp.pieces() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM payments.statement_piece $$;
SELECT gen_random_uuid() AS one, gen_random_uuid() AS two \gset

-- ---------------------------------------------------------------- equal to the whole
SAVEPOINT empty;
SELECT pg_temp.file('whole') AS file \gset
SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('file', :'file', 'format', 'camt.053.001.08', 'statements', jsonb_agg(pg_temp.head(s) || jsonb_build_object('entries',
         (SELECT jsonb_agg(b ORDER BY at) FROM pg_temp.line WHERE statement = s)) ORDER BY s))) AS answer FROM generate_series(1, 2) s \gset
SELECT pg_temp.stored() AS whole \gset
SELECT is(:'answer'::jsonb#>>'{statements,0,entries}' || ' ' || (:'answer'::jsonb#>>'{statements,1,fresh}'), '5 1', 'the whole in one value is imported');
SELECT is(pg_temp.pieces(), 0::bigint, 'and leaves nothing staged');
ROLLBACK TO SAVEPOINT empty;

-- Cut in the middle of the first statement; the last piece has the end of one and all of the other. The second comes first, and one comes again.
SELECT pg_temp.file('pieces') AS file \gset
SELECT is(payments.statement_stage(:'file', :'one', 2, 1, pg_temp.lines(5, 5)), 1, 'the next line is still of the first statement');
SELECT is(payments.statement_stage(:'file', :'one', 1, 1, pg_temp.lines(1, 4)), 1, 'what comes before it is staged behind it');
SELECT is(payments.statement_stage(:'file', :'one', 3, 1, pg_temp.lines(6, 9)), 3, 'behind two heads the next line would be of a third');
SELECT is(pg_temp.pieces(), 4::bigint, 'a piece is kept for each statement that it has lines of');
SELECT is(payments.statement_stage(:'file', :'one', 3, 1, pg_temp.lines(6, 9)), 3, 'a piece that comes again says the same');
SELECT is(pg_temp.pieces(), 4::bigint, 'and is there once');
SELECT is((SELECT count(*) FROM payments.statement) + (SELECT count(*) FROM payments.bank_entry), 0::bigint, 'nothing is imported yet');
SELECT is((SELECT report FROM jobs.file WHERE ref = :'file'), '{}', 'nor reported');

-- Whoever is not this council sees none of it.
SELECT is_empty($$SELECT r FROM unnest(ARRAY['mc_web', 'mc_jobs']) r WHERE has_any_column_privilege(r, 'payments.statement_piece', 'SELECT')$$, 'it is reached through functions only');
SET LOCAL ROLE mc_owner;
SELECT is((SELECT count(*) FROM payments.statement_piece), 4::bigint, 'the council has its pieces');
SELECT set_config('mc.council', '902', true) \g /dev/null
SELECT is((SELECT count(*) FROM payments.statement_piece), 0::bigint, 'another council has none of them');
SELECT is(payments.statement_unstage(:'file'), 0, 'and removes none');
SELECT throws_ok(format('INSERT INTO payments.statement_piece (council_id, import, attempt, statement, piece, entries) VALUES (901, %L, %1$L, 1, 1, %L)', :'one', '[]'), '42501', NULL, 'nor adds one');
RESET ROLE;
SELECT set_config('mc.role', 'finance', true) \g /dev/null
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 3)', :'file', :'one'), NULL, NULL, 'nor imports what is another''s');
SELECT be('finance') \g /dev/null

SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 4)', :'file', :'one'), 'P0001', NULL, 'a piece that never came is missed');
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 3)', :'file', :'two'), 'P0001', NULL, 'another attempt''s pieces are not its own');
SELECT is((SELECT count(*) FROM payments.statement), 0::bigint, 'neither imports anything');
SELECT payments.statement_staged_import(:'file', :'one', 3) AS answer \gset
SELECT is(pg_temp.stored(), :'whole', 'the pieces become what the whole becomes: statements, lines, their order and their places among equals');
SELECT is((SELECT string_agg(bank_ref || ' ' || ordinal || ' ' || end_to_end_id, ', ' ORDER BY id) FROM payments.bank_entry WHERE amount = -420), 'B7 1 E1, B7 2 E2, B7 3 E5,  1 E6', 'like bookings of two pieces are counted as one row of them');
SELECT is(pg_temp.pieces(), 0::bigint, 'nothing stays staged');
SELECT is((SELECT report FROM jobs.file WHERE ref = :'file'), :'answer'::jsonb - 'replayed', 'the file says what came of it');

-- ---------------------------------------------------------------- again
SELECT payments.statement_stage(:'file', :'two', 1, 1, pg_temp.lines(1, 9)) \g /dev/null
SELECT is(payments.statement_staged_import(:'file', :'two', 1), :'answer'::jsonb || '{"replayed": true}', 'the same file once more: the first answer');
SELECT is(pg_temp.stored(), :'whole', 'and nothing more in the books');
SELECT is(pg_temp.pieces(), 0::bigint, 'what was staged for it is gone');
SELECT is((SELECT report FROM jobs.file WHERE ref = :'file'), :'answer'::jsonb - 'replayed', 'the report stays');

-- A reading that was cut off is followed by another, which removes what it left; should the first still live, it imports nothing.
SELECT pg_temp.file('cut off') AS file \gset
SELECT payments.statement_stage(:'file', :'one', 1, 1, pg_temp.lines(1, 3)), payments.statement_stage(:'file', :'one', 2, 1, pg_temp.lines(4, 8)) \g /dev/null
SELECT payments.statement_stage(:'file', :'two', 1, 1, pg_temp.lines(1, 9)) \g /dev/null
SELECT is((SELECT string_agg(DISTINCT attempt::text, ' ') FROM payments.statement_piece), :'two', 'another attempt begins with nothing');
SELECT payments.statement_stage(:'file', :'one', 3, 1, pg_temp.lines(1, 3)) \g /dev/null
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 3)', :'file', :'one'), 'P0001', NULL, 'the first one, whose pieces are gone, imports nothing');
SELECT is(payments.statement_staged_import(:'file', :'two', 1)#>>'{statements,0,fresh}', '0', 'the second does; it brings nothing new, because the lines are known');
SELECT is(pg_temp.pieces(), 0::bigint, 'pieces of either are gone');

-- ---------------------------------------------------------------- people see who is behind a payer
SELECT payments.statement_import(gen_random_uuid(), jsonb_build_object('format', 'camt.053.001.08', 'statements', jsonb_build_array(pg_temp.head(3) || jsonb_build_object('entries', (
         SELECT jsonb_agg(b || '{"bank_ref": "B99", "counterparty": {"name": "Elm Trust", "account": null, "ultimate": "Ann Hall"}}') FROM pg_temp.line WHERE at = 3))))) \g /dev/null
SELECT is((SELECT counterparty_name || ': ' || remittance FROM payments.bank_entry WHERE bank_ref = 'B99'), 'Elm Trust: Ann Hall Line 3', 'for whom somebody paid stands before the text');
SELECT is((SELECT entry #>> '{counterparty,ultimate}' FROM payments.matching_accounts() a, payments.open_entries(a.id, '-infinity', 0, 100) e WHERE entry ->> 'bank_ref' = 'B99'), 'Ann Hall', 'and the matcher is told');

-- ---------------------------------------------------------------- refused
SELECT pg_temp.file('refused') AS file \gset
SELECT throws_ok(format('SELECT payments.statement_stage(%L, %L, 1, 1, %L)', :'file', :'one', '{"amount": "1.00"'), '22P02', NULL, 'what is not JSON is refused when it is staged');
SELECT throws_ok(format('SELECT payments.statement_stage(%L, %L, 1, 1, %L)', :'file', :'one', '{"amount": "1.00", "x": "\u0000"}'), '22P05', NULL, 'so is a text that cannot be kept');
CREATE FUNCTION pg_temp.with_line(p_change jsonb, p_account text) RETURNS text LANGUAGE sql AS $$
  SELECT (b || p_change)::text || E'\n' || jsonb_build_object('statement', pg_temp.head(1) || jsonb_build_object('account', p_account))::text || E'\n' FROM pg_temp.line WHERE at = 3
$$;
SELECT payments.statement_stage(:'file', :'one', 1, 1, pg_temp.with_line('{"amount": "1.234"}', :'number')) \g /dev/null
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 1)', :'file', :'one'), 'MC422', 'The amount "1.234" is not in pounds and pence.', 'an amount that is none refuses the file, in the same words');
SELECT payments.statement_stage(:'file', :'two', 1, 1, pg_temp.with_line('{"booked": null}', :'number')) \g /dev/null
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 1)', :'file', :'two'), 'MC422', 'A line of the statement has no day on which it was booked.', 'so does a line without its day');
SELECT payments.statement_stage(:'file', :'one', 1, 1, pg_temp.with_line('{"booked": "2026-02-30"}', :'number')) \g /dev/null
SELECT throws_ok(format('SELECT payments.statement_staged_import(%L, %L, 1)', :'file', :'one'), '22008', NULL, 'and a day that there is not');
SELECT is(payments.statement_unstage(:'file'), 1, 'what was staged of it can be removed');
SELECT is(pg_temp.pieces(), 0::bigint, 'and nothing is left');
-- What is wrong with the lines of an account that is not ours is nobody's concern.
SELECT payments.statement_stage(:'file', :'one', 1, 1, pg_temp.with_line('{"amount": "1.234"}', '99999912345678')) \g /dev/null
SELECT is(payments.statement_staged_import(:'file', :'one', 1)#>>'{statements,0,outcome}', 'unknown_account', 'an account that is not ours is said');
RESET ROLE;
INSERT INTO payments.bank_account (council_id, ref, name, sort_code, account_number) VALUES (901, mc.new_ref(), 'Another', '990001', '10000001');
SELECT throws_ok($$INSERT INTO payments.bank_entry (council_id, ref, bank_account_id, statement_id, bank_ref, booked_on, value_on, amount, ordinal, remittance, details, said)
  SELECT e.council_id, mc.new_ref(), o.id, e.statement_id, 'ELSEWHERE', e.booked_on, e.value_on, e.amount, e.ordinal, '', '[]', '{}'
    FROM payments.bank_entry e JOIN payments.bank_account o ON o.council_id = e.council_id AND o.id <> e.bank_account_id LIMIT 1$$,
  '23503', NULL, 'a line is never on another account than its statement');
SELECT be('finance') \g /dev/null
SELECT is((SELECT count(*) FROM payments.verify()), 0::bigint, 'the books hold');
SELECT * FROM finish();
ROLLBACK;
