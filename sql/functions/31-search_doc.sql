-- The read model of search: how a listing, an entry or an event becomes a row of catalogue.search_doc, and the triggers that keep it so.

-- Map squares of 4, 16 and 64 km as numbers: kind (0 a place, 1 the reach of a traveller), size (0, 1, 2), column, row.
CREATE OR REPLACE FUNCTION catalogue.cell(p_kind int, p_size int, p_x int, p_y int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT ((p_kind * 3 + p_size) * 10000 + p_x / (4000 << (2 * p_size))) * 10000 + p_y / (4000 << (2 * p_size)) $$;

-- The squares that a circle touches (those of the square around it).
CREATE OR REPLACE FUNCTION catalogue.circle_cells(p_kind int, p_size int, p_x int, p_y int, p_radius int) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_edge  CONSTANT int := 4000 << (2 * p_size);
  v_cells int[] := '{}';
BEGIN
  FOR cx IN greatest(p_x - p_radius, 0) / v_edge .. (p_x + p_radius) / v_edge LOOP
    FOR cy IN greatest(p_y - p_radius, 0) / v_edge .. (p_y + p_radius) / v_edge LOOP
      v_cells := v_cells || ((p_kind * 3 + p_size) * 10000 + cx) * 10000 + cy;
    END LOOP;
  END LOOP;
  RETURN v_cells;
END $$;
-- The smallest size whose squares are as wide as the radius: then at most nine (of the largest: more) cover the circle.
CREATE OR REPLACE FUNCTION catalogue.cell_size(p_radius int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN p_radius <= 4000 THEN 0 WHEN p_radius <= 16000 THEN 1 ELSE 2 END $$;

-- What a document is found by: its place in all sizes, the squares that it travels to in one size, and 0 for everywhere.
CREATE OR REPLACE FUNCTION catalogue.cells_of(p_x int, p_y int, p_is_visited boolean, p_reach int, p_is_national boolean) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_is_national THEN ARRAY[0] ELSE '{}' END
      || CASE WHEN p_is_visited AND p_x IS NOT NULL
              THEN ARRAY[catalogue.cell(0, 0, p_x, p_y), catalogue.cell(0, 1, p_x, p_y), catalogue.cell(0, 2, p_x, p_y)] ELSE '{}' END
      || CASE WHEN p_reach IS NOT NULL AND p_x IS NOT NULL
              THEN catalogue.circle_cells(1, catalogue.cell_size(p_reach), p_x, p_y, p_reach) ELSE '{}' END
$$;
-- What a search near a place asks for.
CREATE OR REPLACE FUNCTION catalogue.cells_near(p_x int, p_y int, p_radius int) RETURNS int[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN catalogue.circle_cells(0, catalogue.cell_size(p_radius), p_x, p_y, p_radius)
      || ARRAY[0, catalogue.cell(1, 0, p_x, p_y), catalogue.cell(1, 1, p_x, p_y), catalogue.cell(1, 2, p_x, p_y)];
END $$;

CREATE OR REPLACE FUNCTION catalogue.category_tags(p_slug text) RETURNS text[] LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  WITH RECURSIVE up AS (
    SELECT slug, parent FROM catalogue.category WHERE slug = p_slug
    UNION ALL
    SELECT c.slug, c.parent FROM catalogue.category c JOIN up ON c.slug = up.parent)
  SELECT array_agg('cat:' || slug) FROM up
$$;
CREATE OR REPLACE FUNCTION catalogue.category_words(p_slug text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  WITH RECURSIVE up AS (
    SELECT name, parent FROM catalogue.category WHERE slug = p_slug
    UNION ALL
    SELECT c.name, c.parent FROM catalogue.category c JOIN up ON c.slug = up.parent)
  SELECT string_agg(name, ' ') FROM up
$$;

-- Tags as the lexemes that searches find them by, and as a question: all of some, and one of others at least; NULL when there are none.
CREATE OR REPLACE FUNCTION catalogue.tag_lexemes(p_tags text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT array_to_tsvector(ARRAY(SELECT '#' || t FROM unnest(p_tags) AS t)) $$;
CREATE OR REPLACE FUNCTION catalogue.tag_query(p_all text[], p_any text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_all text := (SELECT string_agg('''#' || replace(replace(left(t, 200), '\', '\\'), '''', '''''') || '''', ' & ') FROM unnest(p_all) AS t);
  v_any text := (SELECT string_agg('''#' || replace(replace(left(t, 200), '\', '\\'), '''', '''''') || '''', ' | ') FROM unnest(p_any) AS t);
BEGIN
  RETURN nullif(concat_ws(' & ', v_all, '(' || v_any || ')'), '')::tsquery;
END $$;

CREATE OR REPLACE FUNCTION catalogue.words_of(p_title text, p_category text, p_organisation text, p_summary text, p_description text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('catalogue.plain_english', p_title), 'A')
      || setweight(to_tsvector('catalogue.plain_english', concat_ws(' ', catalogue.category_words(p_category), p_organisation)), 'B')
      || setweight(to_tsvector('catalogue.plain_english', p_summary), 'C')
      || setweight(to_tsvector('catalogue.plain_english', p_description), 'D')
$$;

-- ---------------------------------------------------------------- writing documents (what each kind looks like: sql/views/31-search_doc.sql)

-- New words of the documents just written.
CREATE OR REPLACE FUNCTION catalogue.learn_words(p_kind text, p_ids bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
  INSERT INTO catalogue.word (word, lexeme)
  SELECT word, (tsvector_to_array(to_tsvector('catalogue.plain_english', word)))[1]
    FROM (SELECT DISTINCT w AS word
            FROM catalogue.search_doc d,
                 regexp_split_to_table(lower(public.unaccent(concat_ws(' ', d.title, d.summary, d.organisation, catalogue.category_words(d.category)))), '[^a-z]+') w
           WHERE d.kind = p_kind AND d.source_id = ANY (p_ids) AND length(w) BETWEEN 3 AND 24) said
   WHERE to_tsvector('catalogue.plain_english', word) <> ''
   ORDER BY word       -- always in this order, so that two writers cannot wait for each other
  ON CONFLICT DO NOTHING
$$;

-- Writes the documents of these sources again, and removes those that are no longer public.
CREATE OR REPLACE FUNCTION catalogue.index_docs(p_kind text, p_ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_view text := CASE p_kind WHEN 'listing' THEN 'listing_doc' WHEN 'entry' THEN 'entry_doc' WHEN 'event' THEN 'event_doc' END;
BEGIN
  EXECUTE format('DELETE FROM catalogue.search_doc d WHERE d.kind = $1 AND d.source_id = ANY ($2)
                     AND NOT EXISTS (SELECT FROM catalogue.%I v WHERE v.source_id = d.source_id)', v_view) USING p_kind, p_ids;
  EXECUTE format('
    INSERT INTO catalogue.search_doc AS d (kind, source_id, ref, slug, title, summary, category, organisation, place, x, y, reach_m, is_visited, is_national,
                                           price, unit, fresh_on, starts_at, ends_at, tags, cells, words, provider_id, is_placed)
    SELECT v.kind, v.source_id, v.ref, v.slug, v.title, v.summary, v.category, v.organisation, v.place, v.x, v.y, v.reach_m, v.is_visited, v.is_national,
           v.price, v.unit, v.fresh_on, v.starts_at, v.ends_at, v.tags, v.cells, v.words || catalogue.tag_lexemes(v.tags), v.provider_id, v.is_placed
      FROM catalogue.%I v WHERE v.source_id = ANY ($1)
    ON CONFLICT (kind, source_id) DO UPDATE SET
      (ref, slug, title, summary, category, organisation, place, x, y, reach_m, is_visited, is_national, price, unit, fresh_on, starts_at, ends_at, tags, cells, words, provider_id, is_placed,
       modified_at) =
      (EXCLUDED.ref, EXCLUDED.slug, EXCLUDED.title, EXCLUDED.summary, EXCLUDED.category, EXCLUDED.organisation, EXCLUDED.place, EXCLUDED.x, EXCLUDED.y,
       EXCLUDED.reach_m, EXCLUDED.is_visited, EXCLUDED.is_national, EXCLUDED.price, EXCLUDED.unit, EXCLUDED.fresh_on, EXCLUDED.starts_at, EXCLUDED.ends_at,
       EXCLUDED.tags, EXCLUDED.cells, EXCLUDED.words, EXCLUDED.provider_id, EXCLUDED.is_placed, now())
      WHERE (d.title, d.summary, d.category, d.organisation, d.place, d.x, d.y, d.reach_m, d.is_visited, d.is_national, d.price, d.unit, d.fresh_on, d.starts_at,
             d.ends_at, d.tags, d.words, d.provider_id, d.is_placed) IS DISTINCT FROM
            (EXCLUDED.title, EXCLUDED.summary, EXCLUDED.category, EXCLUDED.organisation, EXCLUDED.place, EXCLUDED.x, EXCLUDED.y, EXCLUDED.reach_m, EXCLUDED.is_visited,
             EXCLUDED.is_national, EXCLUDED.price, EXCLUDED.unit, EXCLUDED.fresh_on, EXCLUDED.starts_at, EXCLUDED.ends_at, EXCLUDED.tags, EXCLUDED.words, EXCLUDED.provider_id, EXCLUDED.is_placed)', v_view) USING p_ids;
  -- What is shown beside the words has changed as well, for readers who ask what is new.
  UPDATE catalogue.search_doc SET modified_at = now() WHERE kind = p_kind AND source_id = ANY (p_ids) AND modified_at < now();
  PERFORM catalogue.learn_words(p_kind, p_ids);
END $$;

-- ---------------------------------------------------------------- triggers
-- Statement triggers with transition tables: a batch of an import is indexed at once.

CREATE OR REPLACE FUNCTION catalogue.source_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  PERFORM catalogue.index_docs(TG_TABLE_NAME::text, array_agg(id)) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalogue.occurrence_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  PERFORM catalogue.index_docs('event', array_agg(DISTINCT event_id)) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalogue.listing_price_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  PERFORM catalogue.index_docs('listing', array_agg(DISTINCT listing_id)) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalogue.organisation_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  PERFORM catalogue.index_docs('listing', array_agg(l.id)) FROM catalogue.listing l
    JOIN changed c ON l.organisation_id = (to_jsonb(c) ->> TG_ARGV[0])::bigint HAVING count(*) > 0;
  RETURN NULL;
END $$;

-- Workers keep pages of the catalogue in memory: whatever such a page is made of tells them, at commit, that it changed.
CREATE OR REPLACE FUNCTION catalogue.pages_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('catalogue', '');
  RETURN NULL;
END $$;

DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT unnest(ARRAY['catalogue.category', 'catalogue.listing', 'catalogue.listing_price', 'catalogue.entry', 'catalogue.event', 'catalogue.event_occurrence',
                               'catalogue.storefront', 'catalogue.postcode', 'catalogue.synonym', 'catalogue.search_doc', 'catalogue.review_shown', 'catalogue.review_tally',
                               'identity.organisation', 'mc.installation']) AS source LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION catalogue.pages_changed()', t.source);
  END LOOP;
  FOR t IN SELECT * FROM (VALUES ('catalogue.listing', 'source_changed()'), ('catalogue.entry', 'source_changed()'),
                                 ('catalogue.event', 'source_changed()'), ('catalogue.event_occurrence', 'occurrence_changed()'),
                                 ('catalogue.listing_price', 'listing_price_changed()'), ('catalogue.storefront', 'organisation_changed(''organisation_id'')'),
                                 ('identity.organisation', 'organisation_changed(''id'')')) v (source, fn) LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER doc_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue.%s', t.source, t.fn);
    EXECUTE format('CREATE OR REPLACE TRIGGER doc_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue.%s', t.source, t.fn);
  END LOOP;
  FOR t IN SELECT * FROM (VALUES ('catalogue.listing', 'source_changed()'), ('catalogue.entry', 'source_changed()'), ('catalogue.event', 'source_changed()'),
                                 ('catalogue.event_occurrence', 'occurrence_changed()'), ('catalogue.listing_price', 'listing_price_changed()')) v (source, fn) LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER doc_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue.%s', t.source, t.fn);
  END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
