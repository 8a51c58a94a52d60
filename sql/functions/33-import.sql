-- Importing lists: a run is a mapping and its files, applied in batches that each commit; the same run goes on where it stopped.

-- A new run, or the unfinished one of the same files: its number and the first batch still to do.
CREATE OR REPLACE FUNCTION catalogue.import_begin(p_source text, p_sha256 text, p_rows int, p_failed int, OUT run_id bigint, OUT next_batch int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  INSERT INTO catalogue.import_run AS r (council_id, source, sha256, rows_total, rows_failed)
  VALUES (mc.council(), p_source, p_sha256, p_rows, p_failed)
  ON CONFLICT (council_id, source, sha256) WHERE finished_at IS NULL DO UPDATE SET rows_failed = EXCLUDED.rows_failed
  RETURNING r.id INTO run_id;
  SELECT coalesce(max(b.batch), 0) + 1 INTO next_batch FROM catalogue.import_batch b WHERE b.council_id = mc.council() AND b.run_id = import_begin.run_id;
  DELETE FROM catalogue.import_row s WHERE s.run_id = import_begin.run_id AND s.batch >= next_batch;   -- copied, but its batch never committed
END $$;

CREATE OR REPLACE FUNCTION catalogue.import_hash(r catalogue.import_row) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT mc.sha256(jsonb_build_array(r.kind, r.category, r.name, r.summary, r.description, r.phone, r.email, r.web, r.source_web, r.address, r.postcode, r.lat, r.lon)::text
                   -- A row that says none of these is the same as before they were known.
                   || coalesce(nullif(jsonb_strip_nulls(jsonb_build_object('opens', r.opens, 'hours', r.hours, 'from', r.minimum_age, 'to', r.maximum_age)), '{}')::text, ''))
$$;

-- The rows of a staged batch with their hash, and why a row is left out: another one already stands for it (the same key earlier in the run, or, for a row
-- that is not in the catalogue yet, the same name and postcode under another key or source).
CREATE OR REPLACE FUNCTION catalogue.import_judge(p_run bigint, p_batch int, p_source text)
RETURNS TABLE (staged catalogue.import_row, hash bytea, why text) LANGUAGE sql STABLE SET search_path = pg_catalog, catalogue AS $$
  SELECT r, catalogue.import_hash(r),
         CASE WHEN EXISTS (SELECT FROM catalogue.import_row f WHERE f.run_id = p_run AND f.source_key = r.source_key
                              AND (f.batch, f.file, f.line) < (r.batch, r.file, r.line)) THEN 'the same key as an earlier row'
              WHEN mine.id IS NOT NULL OR r.postcode IS NULL THEN NULL
              WHEN other.ref IS NOT NULL THEN 'the same name and postcode as ' || other.ref
              WHEN row_number() OVER (PARTITION BY k.name_key, r.postcode ORDER BY r.file, r.line) > 1 THEN 'the same name and postcode as an earlier row'
         END
    FROM catalogue.import_row r
   CROSS JOIN LATERAL (SELECT regexp_replace(lower(r.name), '[^a-z0-9]+', '', 'g') AS name_key) k
    LEFT JOIN catalogue.entry mine ON mine.source = p_source AND mine.source_key = r.source_key
    LEFT JOIN LATERAL (SELECT e.ref FROM catalogue.entry e WHERE e.name_key = k.name_key AND e.postcode = r.postcode ORDER BY e.id LIMIT 1) other ON true
   WHERE r.run_id = p_run AND r.batch = p_batch
$$;

-- Applies one staged batch set by set and registers it. Unchanged rows only have their assured date renewed.
CREATE OR REPLACE FUNCTION catalogue.import_apply(p_run bigint, p_batch int, OUT added int, OUT changed int, OUT unchanged int, OUT duplicates json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_source text;
BEGIN
  SELECT r.source INTO STRICT v_source FROM catalogue.import_run r
   WHERE r.council_id = mc.council() AND r.id = p_run AND r.finished_at IS NULL FOR UPDATE;
  WITH judged AS MATERIALIZED (
    SELECT (j.staged).*, j.hash, j.why FROM catalogue.import_judge(p_run, p_batch, v_source) j),
  written AS (
    INSERT INTO catalogue.entry AS e (council_id, kind, name, summary, description, category, phone, email, web, source_web, address, postcode, lat, lon,
                                      opens, hours, minimum_age, maximum_age, assured_on, check_again_by, source, source_key, source_hash)
    SELECT mc.council(), j.kind, j.name, j.summary, j.description, j.category, j.phone, j.email, j.web, j.source_web, j.address, j.postcode, j.lat, j.lon,
           j.opens, j.hours, j.minimum_age, j.maximum_age, current_date, current_date + 365, v_source, j.source_key, j.hash
      FROM judged j WHERE j.why IS NULL ORDER BY j.source_key
    ON CONFLICT (source, source_key) DO UPDATE SET
      (kind, name, summary, description, category, phone, email, web, source_web, address, postcode, lat, lon, opens, hours, minimum_age, maximum_age, source_hash, status,
       assured_on, check_again_by, updated_at) =
      (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.summary, EXCLUDED.description, EXCLUDED.category, EXCLUDED.phone, EXCLUDED.email, EXCLUDED.web, EXCLUDED.source_web,
       EXCLUDED.address, EXCLUDED.postcode, EXCLUDED.lat, EXCLUDED.lon, EXCLUDED.opens, EXCLUDED.hours, EXCLUDED.minimum_age, EXCLUDED.maximum_age, EXCLUDED.source_hash, CASE e.status WHEN 'hidden' THEN 'hidden' ELSE 'published' END,
       EXCLUDED.assured_on, EXCLUDED.check_again_by, now())
      WHERE e.council_id = mc.council() AND (e.source_hash <> EXCLUDED.source_hash OR e.status = 'proposed_hide')
    RETURNING (xmax = 0) AS is_new),
  renewed AS (
    UPDATE catalogue.entry e SET assured_on = current_date, check_again_by = current_date + 365
      FROM judged j
     WHERE e.council_id = mc.council() AND e.source = v_source AND e.source_key = j.source_key AND j.why IS NULL
       AND e.source_hash = j.hash AND e.status = 'published' AND e.assured_on < current_date)
  SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new), (SELECT count(*) FROM judged j WHERE j.why IS NULL) - count(*),
         (SELECT coalesce(json_agg(json_build_object('file', j.file, 'line', j.line, 'name', j.name, 'why', j.why) ORDER BY j.file, j.line), '[]')
            FROM judged j WHERE j.why IS NOT NULL)
    INTO added, changed, unchanged, duplicates FROM written w;
  INSERT INTO catalogue.import_batch (council_id, run_id, batch, added, changed, unchanged, duplicates)
  VALUES (mc.council(), p_run, p_batch, added, changed, unchanged, json_array_length(duplicates));
END $$;

-- Ends a run. Entries of the source that its files no longer name are proposed for hiding, never hidden: a person decides. When rows could not be read
-- nothing is proposed, because a row that failed is not a row that has gone.
CREATE OR REPLACE FUNCTION catalogue.import_finish(p_run bigint, OUT added int, OUT changed int, OUT unchanged int, OUT duplicates int, OUT proposed int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_run catalogue.import_run;
BEGIN
  UPDATE catalogue.import_run r SET finished_at = now() WHERE r.council_id = mc.council() AND r.id = p_run AND r.finished_at IS NULL RETURNING * INTO STRICT v_run;
  UPDATE catalogue.entry e SET status = 'proposed_hide', updated_at = now()
   WHERE e.council_id = mc.council() AND e.source = v_run.source AND e.status = 'published' AND v_run.rows_failed = 0
     AND NOT EXISTS (SELECT FROM catalogue.import_row r WHERE r.run_id = p_run AND r.source_key = e.source_key);
  GET DIAGNOSTICS proposed = ROW_COUNT;
  SELECT coalesce(sum(b.added), 0), coalesce(sum(b.changed), 0), coalesce(sum(b.unchanged), 0), coalesce(sum(b.duplicates), 0)
    INTO added, changed, unchanged, duplicates FROM catalogue.import_batch b WHERE b.council_id = mc.council() AND b.run_id = p_run;
  DELETE FROM catalogue.import_row WHERE run_id = p_run;
  PERFORM mc.audit('imported', 'import', v_run.source, NULL,
    jsonb_build_object('run', p_run, 'rows', v_run.rows_total, 'failed', v_run.rows_failed, 'added', added, 'changed', changed, 'unchanged', unchanged,
                       'duplicates', duplicates, 'proposed', proposed));
END $$;

CREATE OR REPLACE FUNCTION catalogue.import_postcodes(OUT added int, OUT changed int, OUT unchanged int) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  WITH written AS (
    INSERT INTO catalogue.postcode AS p (postcode, lat, lon)
    SELECT DISTINCT ON (postcode) postcode, lat, lon FROM catalogue.import_postcode ORDER BY postcode
    ON CONFLICT (postcode) DO UPDATE SET lat = EXCLUDED.lat, lon = EXCLUDED.lon WHERE (p.lat, p.lon) <> (EXCLUDED.lat, EXCLUDED.lon)
    RETURNING (xmax = 0) AS is_new)
  SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new), (SELECT count(DISTINCT postcode) FROM catalogue.import_postcode) - count(*)
    INTO added, changed, unchanged FROM written w;
  DELETE FROM catalogue.import_postcode;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.import_begin(text, text, int, int), catalogue.import_apply(bigint, int), catalogue.import_finish(bigint),
  catalogue.import_postcodes() TO mc_jobs;
