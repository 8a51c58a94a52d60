-- Importing a list: twice, changed, shortened, with duplicates, and going on after a stop.
BEGIN;
SELECT plan(21);
CREATE FUNCTION pg_temp.stage(p_run bigint, p_batch int, p_rows text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO catalogue.import_row (run_id, batch, file, line, source_key, kind, category, name, summary, description, postcode)
  SELECT p_run, p_batch, 0, p_batch * 100 + i, split_part(r, '|', 1), 'community', 'food', split_part(r, '|', 2), split_part(r, '|', 3), '', nullif(split_part(r, '|', 4), '')
    FROM unnest(p_rows) WITH ORDINALITY v (r, i) $$;
CREATE FUNCTION pg_temp.apply(p_run bigint, p_batch int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', added, changed, unchanged, json_array_length(duplicates)) FROM catalogue.import_apply(p_run, p_batch) $$;
CREATE FUNCTION pg_temp.finish_run(p_run bigint) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', added, changed, unchanged, duplicates, proposed) FROM catalogue.import_finish(p_run) $$;
CREATE FUNCTION pg_temp.import(p_rows text[], p_failed int DEFAULT 0, p_source text DEFAULT 'list') RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_run bigint := (SELECT run_id FROM catalogue.import_begin(p_source, 'sum', cardinality(p_rows), p_failed));
BEGIN
  PERFORM pg_temp.stage(v_run, 1, p_rows);
  PERFORM pg_temp.apply(v_run, 1);
  RETURN pg_temp.finish_run(v_run);
END $$;
CREATE TEMP TABLE r (run_id bigint);
GRANT ALL ON r TO PUBLIC;

SET LOCAL ROLE mc_owner;
INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'northshire', 'Northshire', '01632 960001', 'a@northshire.example');
SELECT set_config('mc.council', '1', true);
SET LOCAL ROLE mc_jobs;

SELECT is(pg_temp.import('{1|Soup Kitchen|Hot soup|M33 2DS,2|Bread Club|Bread|M33 2DT}'), '2 0 0 0 0', 'the first import adds');
SELECT is(pg_temp.import('{1|Soup Kitchen|Hot soup|M33 2DS,2|Bread Club|Bread|M33 2DT}'), '0 0 2 0 0', 'the second changes nothing');
SELECT is((SELECT count(*) FROM catalogue.search_doc), 2::bigint, 'what was added is found');
SELECT is(pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS,2|Bread Club|Bread|M33 2DT}'), '0 1 1 0 0', 'a changed row changes its entry');
SELECT is((SELECT summary FROM catalogue.search_doc WHERE title = 'Soup Kitchen'), 'Cold soup', 'and what search shows');
SELECT is(pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS}'), '0 0 1 0 1', 'a row that has gone is proposed for hiding');
SELECT is((SELECT count(*) FROM catalogue.search_doc), 2::bigint, 'and still shown');
SELECT is(pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS,2|Bread Club|Bread|M33 2DT}'), '0 1 1 0 0', 'when it comes back it is published again');
SELECT is(pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS}', 1), '0 0 1 0 0', 'nothing is proposed when a row could not be read');
SELECT is(pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS,2|Bread Club|Bread|M33 2DT,2|Bread again|x|,3|bread-club|y|M33 2DT}'), '0 0 2 2 0', 'the same key, and the same name and postcode, are left out');
SELECT is(pg_temp.import('{9|SOUP KITCHEN|Other list|M33 2DS}', 0, 'other-list'), '0 0 0 1 0', 'across lists too');

-- Hours and ages are part of a row; a row without them is what it was before they were known.
INSERT INTO r SELECT run_id FROM catalogue.import_begin('hours', 'sum', 1, 0);
INSERT INTO catalogue.import_row (run_id, batch, file, line, source_key, kind, category, name, summary, description, opens, hours, minimum_age)
SELECT run_id, 1, 0, 1, 'h', 'community', 'food', 'Lunch', '', '', 'Ring first', '1 09:00 17:00|2 09:00 17:00|3 09:00 17:00|4 09:00 17:00|5 09:00 17:00|6 10:00 12:30|7 10:00 12:30', 18 FROM r;
SELECT is(pg_temp.apply(run_id, 1), '1 0 0 0', 'a row with its hours') FROM r;
SELECT is((SELECT concat_ws('/', catalogue.hours_words(hours), opens, catalogue.age_words(minimum_age, maximum_age)) FROM catalogue.entry WHERE source = 'hours'),
  E'Monday to Friday, 9am to 5pm\nSaturday and Sunday, 10am to 12:30pm/Ring first/From 18 years', 'and how people read them');
SELECT is(concat_ws('/', catalogue.age_words(0, 25.5), catalogue.age_words(0, NULL), catalogue.age_words(16, 25)), 'Up to 25.5 years/From 16 to 25 years', 'ages in words');
SELECT pg_temp.finish_run(run_id) FROM r;
DELETE FROM r;

-- Stopped behind the first batch: the same files go on with the second.
INSERT INTO r SELECT run_id FROM catalogue.import_begin('long-list', 'sum', 3, 0);
SELECT pg_temp.stage(run_id, 1, '{a|First|x|,b|Second|x|}'), pg_temp.apply(run_id, 1), pg_temp.stage(run_id, 2, '{c|Third|x|}') FROM r;
SELECT is((SELECT next_batch FROM catalogue.import_begin('long-list', 'sum', 3, 0)), 2, 'the run goes on with the batch that did not commit');
SELECT is((SELECT run_id FROM catalogue.import_begin('long-list', 'sum', 3, 0)), (SELECT run_id FROM r), 'it is the same run');
SELECT pg_temp.stage(run_id, 2, '{c|Third|x|}'), pg_temp.apply(run_id, 2) FROM r;
SELECT is(pg_temp.finish_run(run_id), '3 0 0 0 0', 'and ends with all rows') FROM r;
RESET ROLE;
SELECT is((SELECT count(*) FROM catalogue.import_row), 0::bigint, 'nothing stays staged');
SELECT is((SELECT count(*) FROM audit.event WHERE verb = 'imported' AND ref = 'long-list'), 1::bigint, 'the log has one line for it');
SET LOCAL ROLE mc_owner;
UPDATE catalogue.entry SET status = 'hidden' WHERE name = 'Bread Club';
SET LOCAL ROLE mc_jobs;
SELECT pg_temp.import('{1|Soup Kitchen|Cold soup|M33 2DS,2|Bread Club|New bread|M33 2DT}');
RESET ROLE;
SELECT is((SELECT status FROM catalogue.entry WHERE name = 'Bread Club'), 'hidden', 'what a moderator hid stays hidden');
SELECT is(catalogue.import_hash(x), mc.sha256(jsonb_build_array('community', 'food', 'Lunch', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::text), 'nothing changes for a row without')
  FROM jsonb_populate_record(NULL::catalogue.import_row, '{"kind":"community","category":"food","name":"Lunch","summary":"","description":""}') x;
SELECT * FROM finish();
ROLLBACK;
