-- Search: plain words, forgiving of spelling, near a postcode.
-- What a search calls is in plpgsql, or in SQL that PostgreSQL can write into the calling statement (not STRICT, one expression): any other function in SQL is
-- planned anew in every statement, which takes longer than what it does.

-- What the typed words mean. all_of: all words must be there; any_of: any of them; shown: the words with spelling corrected.
-- An unknown word becomes the nearest known one by trigrams; the vocabulary is small, so this costs the same at any number of documents.
CREATE OR REPLACE FUNCTION catalogue.read_query(p_q text, OUT all_of tsquery, OUT any_of tsquery, OUT shown text, OUT is_corrected boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue, public SET client_min_messages = warning AS $$
DECLARE
  v_word  text;
  v_near  text;
  v_term  tsquery;
  v_means text[];
  v_council int := nullif(current_setting('mc.council', true), '')::int;
BEGIN
  is_corrected := false;
  FOR v_word IN SELECT w FROM regexp_split_to_table(lower(unaccent(left(p_q, 200))), '[^a-z0-9]+') w WHERE w <> '' LIMIT 12 LOOP
    v_term := plainto_tsquery('catalogue.plain_english', v_word);
    SELECT array_agg(means) INTO v_means FROM catalogue.synonym WHERE word = v_word AND (council_id IS NULL OR council_id = v_council);
    IF v_means IS NULL AND numnode(v_term) = 1 AND v_word !~ '[0-9]' AND length(v_word) > 3
       AND NOT EXISTS (SELECT FROM catalogue.word WHERE lexeme = trim(BOTH '''' FROM v_term::text)) THEN
      SELECT word INTO v_near FROM catalogue.word WHERE word % v_word AND similarity(word, v_word) >= 0.35 ORDER BY similarity(word, v_word) DESC, abs(length(word) - length(v_word)), word LIMIT 1;
      IF v_near IS NOT NULL THEN
        v_word := v_near;
        v_term := plainto_tsquery('catalogue.plain_english', v_word);
        is_corrected := true;
      END IF;
    END IF;
    shown := concat_ws(' ', shown, v_word);
    CONTINUE WHEN numnode(v_term) = 0 OR v_means = ARRAY[''];
    FOREACH v_near IN ARRAY coalesce(v_means, '{}') LOOP
      v_term := v_term || phraseto_tsquery('catalogue.plain_english', v_near);
    END LOOP;
    all_of := CASE WHEN all_of IS NULL THEN v_term ELSE all_of && v_term END;
    any_of := CASE WHEN any_of IS NULL THEN v_term ELSE any_of || v_term END;
  END LOOP;
  shown := coalesce(shown, '');
END $$;

-- What the page says above the results.
CREATE OR REPLACE FUNCTION catalogue.search_about(p_q text, p_near text, OUT shown text, OUT is_corrected boolean, OUT postcode text, OUT is_placed boolean, OUT is_rough boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
BEGIN
  SELECT q.shown, q.is_corrected INTO shown, is_corrected FROM catalogue.read_query(p_q) q;
  postcode := catalogue.postcode_read(p_near);
  SELECT l.is_rough INTO is_rough FROM catalogue.locate(postcode) l;
  is_placed := FOUND;
  is_rough := coalesce(is_rough, false);
END $$;

-- How far a document is from a place, squared: only the root of what is shown is drawn.
CREATE OR REPLACE FUNCTION catalogue.far2(d catalogue.search_doc, p_x int, p_y int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (d.x - p_x)::bigint * (d.x - p_x) + (d.y - p_y)::bigint * (d.y - p_y) $$;

-- The price that a council has agreed for a document today; NULL when it has none, and without looking when there is no council.
CREATE OR REPLACE FUNCTION catalogue.agreed_today(p_council int, p_kind text, p_source_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF p_council IS NULL OR p_kind <> 'listing' THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT a.price FROM catalogue.agreed_price a WHERE a.council_id = p_council AND a.listing_id = p_source_id
             AND mc.today() >= a.valid_from AND (a.valid_to IS NULL OR mc.today() <= a.valid_to));
END $$;

-- What every search looks for besides words and place. Events have pages of their own.
CREATE OR REPLACE FUNCTION catalogue.is_wanted(d catalogue.search_doc, p_council int, p_max_price bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT d.kind <> 'event' AND (d.ends_at IS NULL OR d.ends_at > now())
     AND (p_max_price IS NULL OR CASE WHEN p_council IS NULL THEN d.price ELSE coalesce(catalogue.agreed_today(p_council, d.kind, d.source_id), d.price) END <= p_max_price)
$$;

-- Whether a document lies between two circles; in the first ring, whose inner one is below zero, also what comes to the place from anywhere.
CREATE OR REPLACE FUNCTION catalogue.is_in_ring(d catalogue.search_doc, p_x int, p_y int, p_near2 bigint, p_far2 bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN d.is_national OR (d.reach_m IS NOT NULL AND catalogue.far2(d, p_x, p_y) <= d.reach_m::bigint * d.reach_m) THEN p_near2 < 0
              ELSE d.is_visited AND catalogue.far2(d, p_x, p_y) > p_near2 AND catalogue.far2(d, p_x, p_y) <= p_far2 END
$$;

-- The one ranking, for everyone: nothing in it knows a provider's size, and none of it is for sale.
--   score = words x (0.55 + 0.30 x closeness + 0.15 x freshness)
--   words      ts_rank over title 1.0, category and organisation 0.4, summary 0.2, description 0.1; 1 when nothing was typed
--   closeness  1 at the door, 0.5 at 4 km, towards 0 far away; 0.5 for what comes to the person's home, is remote, or when no place was given
--   freshness  1 when somebody vouched for it within 90 days, falling to 0 at a year
CREATE OR REPLACE FUNCTION catalogue.score(p_words tsvector, p_query tsquery, p_metres double precision, p_fresh_on date) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_query IS NULL THEN 1 ELSE ts_rank('{0.1, 0.2, 0.4, 1.0}', p_words, p_query)::double precision END
       * (0.55 + 0.30 * coalesce(4000 / (4000 + p_metres), 0.5) + 0.15 * least(1, greatest(0, (365 - (current_date - p_fresh_on)) / 275.0::double precision)))
$$;

-- What the ranking needs of a document: it is much narrower than the document, which only the twenty on the page are read for.
CREATE OR REPLACE FUNCTION catalogue.weigh(d catalogue.search_doc, p_words tsquery, p_x int, p_y int, p_council int)
RETURNS TABLE (id bigint, tags text[], fresh_on date, price bigint, agreed bigint, metres double precision, score double precision) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT d.id, d.tags, d.fresh_on, d.price, CASE WHEN p_council IS NOT NULL THEN catalogue.agreed_today(p_council, d.kind, d.source_id) END,
         m.metres, catalogue.score(d.words, p_words, m.metres, d.fresh_on)
    FROM (SELECT CASE WHEN d.is_visited THEN sqrt(catalogue.far2(d, p_x, p_y)::double precision) END AS metres) m
$$;

-- The documents that a search looks at, weighed, at most p_most. p_words is what was typed, p_find asks for words and tags together. Near a place they come
-- in rings, the nearest first; a ring is opened only when the one before did not fill the page of candidates, so a common word in a city costs no more than
-- a rare one. What comes to the person is in the first ring. Every statement is written out, so that PostgreSQL plans it once a session: planning took six times as long as searching.
CREATE OR REPLACE FUNCTION catalogue.search_docs(p_words tsquery, p_find tsquery, p_x int, p_y int, p_radius int, p_council int, p_max_price bigint, p_most int)
RETURNS TABLE (id bigint, tags text[], fresh_on date, price bigint, agreed bigint, metres double precision, score double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 500 SET search_path = pg_catalog, catalogue SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_outer bigint;
  v_near2 bigint := -1;        -- squared: the ring before ended here
  v_far2  bigint;
  v_cells int[];
  v_found int;
BEGIN
  IF p_x IS NULL AND p_find IS NULL THEN
    RETURN QUERY SELECT w.* FROM catalogue.search_doc d, catalogue.weigh(d, p_words, p_x, p_y, p_council) w
      WHERE catalogue.is_wanted(d, p_council, p_max_price) ORDER BY d.fresh_on DESC, d.id LIMIT p_most;
  ELSIF p_x IS NULL AND p_words IS NOT NULL THEN
    RETURN QUERY SELECT w.* FROM catalogue.search_doc d, catalogue.weigh(d, p_words, p_x, p_y, p_council) w
      WHERE d.words @@ p_find AND catalogue.is_wanted(d, p_council, p_max_price) LIMIT p_most;
  ELSIF p_x IS NULL THEN
    RETURN QUERY SELECT w.* FROM catalogue.search_doc d, catalogue.weigh(d, p_words, p_x, p_y, p_council) w
      WHERE d.words @@ p_find AND catalogue.is_wanted(d, p_council, p_max_price) ORDER BY d.fresh_on DESC, d.id LIMIT p_most;
  ELSE
    FOREACH v_outer IN ARRAY CASE WHEN p_radius <= 4000 THEN ARRAY[p_radius] WHEN p_radius <= 32000 THEN ARRAY[4000, p_radius] ELSE ARRAY[4000, 16000, p_radius] END LOOP
      v_far2 := v_outer * v_outer;
      v_cells := CASE WHEN v_near2 < 0 THEN catalogue.cells_near(p_x, p_y, v_outer::int)
                      ELSE catalogue.circle_cells(0, catalogue.cell_size(v_outer::int), p_x, p_y, v_outer::int) END;
      IF p_find IS NULL THEN
        RETURN QUERY SELECT w.* FROM catalogue.search_doc d, catalogue.weigh(d, p_words, p_x, p_y, p_council) w
          WHERE d.cells && v_cells AND catalogue.is_in_ring(d, p_x, p_y, v_near2, v_far2) AND catalogue.is_wanted(d, p_council, p_max_price) LIMIT p_most;
      ELSE
        RETURN QUERY SELECT w.* FROM catalogue.search_doc d, catalogue.weigh(d, p_words, p_x, p_y, p_council) w
          WHERE d.words @@ p_find AND d.cells && v_cells AND catalogue.is_in_ring(d, p_x, p_y, v_near2, v_far2) AND catalogue.is_wanted(d, p_council, p_max_price) LIMIT p_most;
      END IF;
      GET DIAGNOSTICS v_found = ROW_COUNT;
      p_most := p_most - v_found;
      EXIT WHEN p_most <= 0;
      v_near2 := v_far2;
    END LOOP;
  END IF;
END $$;

-- One page of 20 results of at most 500 ranked candidates. found counts the candidates; is_more says that there may be others.
-- facets counts their tags: {"cat:sport": 12, "at:home": 3, …}; of a part they would be wrong, so there are none when there is more. p_sort: best, near, price
-- or new. Prices, the limit on them and the order by them are the viewer's (catalogue.viewer_council): agreed prices are not even read for anyone else.
CREATE OR REPLACE FUNCTION catalogue.search(p_q text, p_near text, p_radius int, p_all text[], p_any text[], p_max_price bigint, p_sort text, p_page int)
RETURNS TABLE (kind text, ref text, slug text, title text, summary text, category text, category_name text, organisation text, place text,
               price bigint, is_agreed boolean, unit text, metres int, fresh_on date, found int, is_more boolean, is_any_word boolean, facets jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, catalogue SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  c_most    CONSTANT int := 500;
  v_query   tsquery;
  v_some    tsquery;
  v_tags    tsquery := catalogue.tag_query(p_all, p_any);
  v_x       int;
  v_y       int;
  v_viewer  int := catalogue.viewer_council();
  v_is_any  boolean := false;
BEGIN
  SELECT q.all_of, q.any_of INTO v_query, v_some FROM catalogue.read_query(p_q) q;
  SELECT catalogue.east(l.lon), catalogue.north(l.lat) INTO v_x, v_y FROM catalogue.locate(catalogue.postcode_read(p_near)) l;
  LOOP
    RETURN QUERY
      WITH near AS MATERIALIZED (
        SELECT d.id, d.tags, d.fresh_on, coalesce(d.agreed, d.price) AS price, d.agreed IS NOT NULL AS is_agreed, d.metres, d.score,
               CASE p_sort WHEN 'near' THEN d.metres WHEN 'price' THEN coalesce(d.agreed, d.price) WHEN 'new' THEN current_date - d.fresh_on END AS sorted_by
          FROM catalogue.search_docs(v_query, coalesce(v_query && v_tags, v_query, v_tags), v_x, v_y, p_radius, v_viewer, p_max_price, c_most) d),
      tag AS (      -- alike documents are counted together first: there are far fewer sets of tags than documents
        SELECT t.tag, sum(t.n) AS n FROM (SELECT unnest(g.tags) AS tag, g.n FROM (SELECT tags, count(*) AS n FROM near GROUP BY tags) g) t GROUP BY t.tag),
      summary AS MATERIALIZED (
        SELECT n.found, CASE WHEN n.found < c_most THEN (SELECT jsonb_object_agg(f.tag, f.n) FROM tag f) END AS facets
          FROM (SELECT count(*)::int AS found FROM near) n),
      one_page AS (
        SELECT p.* FROM near p ORDER BY p.sorted_by NULLS LAST, p.score DESC, p.id LIMIT 20 OFFSET (greatest(least(p_page, 50), 1) - 1) * 20)
      SELECT d.kind, d.ref, d.slug, d.title, d.summary, d.category, c.name, d.organisation, d.place, p.price, p.is_agreed, d.unit,
             p.metres::int, p.fresh_on, t.found, t.found >= c_most, v_is_any, coalesce(t.facets, '{}')
        FROM one_page p JOIN catalogue.search_doc d USING (id) JOIN catalogue.category c ON c.slug = d.category CROSS JOIN summary t
       ORDER BY p.sorted_by NULLS LAST, p.score DESC, p.id;
    EXIT WHEN FOUND OR v_is_any OR coalesce(numnode(v_query), 0) < 2
           OR (p_page > 1 AND EXISTS (SELECT FROM catalogue.search_docs(v_query, coalesce(v_query && v_tags, v_query, v_tags), v_x, v_y, p_radius, v_viewer, p_max_price, 1)));
    v_is_any := true;        -- nothing has all the words: show what has any of them
    v_query := v_some;
  END LOOP;
END $$;

-- How many results there would be, up to 100: for "take this filter away" on a page without results.
CREATE OR REPLACE FUNCTION catalogue.search_count(p_q text, p_near text, p_radius int, p_all text[], p_any text[], p_max_price bigint) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_query tsquery := (SELECT q.all_of FROM catalogue.read_query(p_q) q);
  v_tags  tsquery := catalogue.tag_query(p_all, p_any);
  v_x     int;
  v_y     int;
BEGIN
  SELECT catalogue.east(l.lon), catalogue.north(l.lat) INTO v_x, v_y FROM catalogue.locate(catalogue.postcode_read(p_near)) l;
  RETURN (SELECT count(*) FROM catalogue.search_docs(v_query, coalesce(v_query && v_tags, v_query, v_tags), v_x, v_y, p_radius, catalogue.viewer_council(), p_max_price, 100));
END $$;

-- A search found nothing: the stems that stand in no number and are at most 24 letters, and the postcode district. Nothing else, and nobody.
-- Returns how often that happened this month; NULL when there was no word to count, or when this address has brought a hundred in five minutes: words that nobody
-- else typed would fill the table.
CREATE OR REPLACE FUNCTION catalogue.search_missed(p_q text, p_near text, p_address text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  -- A number that statistics are made of may be lost with the machine: nobody waits for the disk to find nothing.
  v_set   text := set_config('synchronous_commit', 'off', true);
  v_words text := (SELECT string_agg(DISTINCT lexeme, ' ' ORDER BY lexeme)
                     FROM regexp_split_to_table(lower(left(p_q, 200)), '[^a-z0-9]+') w, unnest(to_tsvector('catalogue.plain_english', w)) t
                    WHERE w ~ '^[a-z]{3,24}$');
  v_times int;
BEGIN
  IF v_words IS NULL OR identity.is_throttled('missed:' || p_address, 100) THEN
    RETURN NULL;
  END IF;
  PERFORM identity.note_failure('missed:' || p_address);
  INSERT INTO catalogue.search_miss AS m (month, words, area)
  VALUES (date_trunc('month', current_date)::date, v_words, coalesce(split_part(catalogue.postcode_read(p_near), ' ', 1), ''))
  ON CONFLICT (month, words, area) DO UPDATE SET times = m.times + 1
  RETURNING times INTO v_times;
  RETURN v_times;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.search_about(text, text), catalogue.search(text, text, int, text[], text[], bigint, text, int),
  catalogue.search_count(text, text, int, text[], text[], bigint), catalogue.search_missed(text, text, text) TO mc_web, mc_jobs;
