-- Search: plain words, forgiving of spelling, near a postcode.

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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
  SELECT q.shown, q.is_corrected, catalogue.postcode_read(p_near), l.lat IS NOT NULL, coalesce(l.is_rough, false)
    FROM catalogue.read_query(p_q) q LEFT JOIN catalogue.locate(catalogue.postcode_read(p_near)) l ON true
$$;

-- The one ranking, for everyone: nothing in it knows a provider's size, and none of it is for sale.
--   score = words x (0.55 + 0.30 x closeness + 0.15 x freshness)
--   words      ts_rank over title 1.0, category and organisation 0.4, summary 0.2, description 0.1; 1 when nothing was typed
--   closeness  1 at the door, 0.5 at 4 km, towards 0 far away; 0.5 for what comes to the person's home, is remote, or when no place was given
--   freshness  1 when somebody vouched for it within 90 days, falling to 0 at a year
-- It is text, because a function called for every candidate would cost more than the ranking itself. $1 is the query; d the document, m its distance.
CREATE OR REPLACE FUNCTION catalogue.score_sql(p_has_words boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_has_words THEN 'ts_rank(''{0.1, 0.2, 0.4, 1.0}'', d.words, $1)::double precision * ' ELSE '' END
      || '(0.55 + 0.30 * coalesce(4000 / (4000 + CASE WHEN d.is_visited THEN m.metres END), 0.5)
               + 0.15 * least(1, greatest(0, (365 - (current_date - d.fresh_on)) / 275.0::double precision)))'
$$;

-- The documents that a search looks at, as text: $1 query, $2 tags that must all be there, $3 tags of which one must. Pieces of text are constant and
-- numbers are numbers, so nothing typed gets into it. Near a place they come in rings, the nearest first; PostgreSQL opens a ring only when the one before
-- did not fill the page of candidates, so a common word in a city costs no more than a rare one. What comes to the person is in the first ring.
CREATE OR REPLACE FUNCTION catalogue.search_docs(p_has_words boolean, p_has_all boolean, p_has_any boolean, p_x int, p_y int, p_radius int) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_from  text := 'SELECT d.* FROM catalogue.search_doc d WHERE d.kind <> ''event'' AND (d.ends_at IS NULL OR d.ends_at > now())'
    || CASE WHEN p_has_words THEN ' AND d.words @@ $1' ELSE '' END || CASE WHEN p_has_all THEN ' AND d.tags @> $2' ELSE '' END
    || CASE WHEN p_has_any THEN ' AND d.tags && $3' ELSE '' END;
  v_far   text := format('((d.x - %1$s)::bigint * (d.x - %1$s) + (d.y - %2$s)::bigint * (d.y - %2$s))', p_x, p_y);
  v_comes text := format('(d.is_national OR (d.reach_m IS NOT NULL AND %s <= d.reach_m::bigint * d.reach_m))', v_far);
  v_inner bigint := least(4000, p_radius);
  v_outer bigint;
  v_docs  text;
BEGIN
  IF p_x IS NULL THEN
    RETURN v_from;
  END IF;
  v_docs := v_from || format(' AND d.cells && %L::int[] AND (%s OR d.is_visited AND %s <= %s)', catalogue.cells_near(p_x, p_y, v_inner::int), v_comes, v_far, v_inner * v_inner);
  FOREACH v_outer IN ARRAY ARRAY[16000, p_radius] LOOP
    v_outer := least(v_outer, p_radius);
    CONTINUE WHEN v_outer <= v_inner;
    v_docs := v_docs || ' UNION ALL ' || v_from || format(' AND d.cells && %L::int[] AND d.is_visited AND %s > %s AND %s <= %s AND NOT %s',
      catalogue.circle_cells(0, catalogue.cell_size(v_outer::int), p_x, p_y, v_outer::int), v_far, v_inner * v_inner, v_far, v_outer * v_outer, v_comes);
    v_inner := v_outer;
  END LOOP;
  RETURN v_docs;
END $$;

-- One page of 20 results of at most 500 ranked candidates. found counts the candidates; is_more says that there may be others.
-- facets counts their tags: {"cat:sport": 12, "at:home": 3, …}. p_sort: best, near, price or new.
-- Prices, the limit on them and the order by them are the viewer's (catalogue.viewer_council): agreed prices are not even read for anyone else.
CREATE OR REPLACE FUNCTION catalogue.search(p_q text, p_near text, p_radius int, p_all text[], p_any text[], p_max_price bigint, p_sort text, p_page int)
RETURNS TABLE (kind text, ref text, slug text, title text, summary text, category text, category_name text, organisation text, place text,
               price bigint, is_agreed boolean, unit text, metres int, fresh_on date, found int, is_more boolean, is_any_word boolean, facets jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, catalogue, public SET enable_seqscan = off AS $$
DECLARE
  c_most    CONSTANT int := 500;
  v_query   tsquery;
  v_some    tsquery;
  v_x       int;
  v_y       int;
  v_viewer  int := catalogue.viewer_council();
  v_price   text := CASE WHEN v_viewer IS NULL THEN 'd.price' ELSE 'coalesce(a.price, d.price)' END;
  v_agreed  text := CASE WHEN v_viewer IS NULL THEN '' ELSE
    ' LEFT JOIN catalogue.agreed_price a ON a.council_id = $6 AND d.kind = ''listing'' AND a.listing_id = d.source_id
                                        AND current_date >= a.valid_from AND (a.valid_to IS NULL OR current_date <= a.valid_to)' END;
  v_order   text := CASE p_sort WHEN 'near' THEN 'p.metres NULLS LAST, ' WHEN 'price' THEN 'p.price NULLS LAST, ' WHEN 'new' THEN 'p.fresh_on DESC, ' ELSE '' END
                 || 'p.score DESC, p.id';
  v_is_any  boolean := false;
BEGIN
  SELECT q.all_of, q.any_of INTO v_query, v_some FROM catalogue.read_query(p_q) q;
  SELECT catalogue.east(l.lon), catalogue.north(l.lat) INTO v_x, v_y FROM catalogue.locate(catalogue.postcode_read(p_near)) l;
  LOOP
    RETURN QUERY EXECUTE
      'WITH near AS MATERIALIZED (
         SELECT d.id, d.tags, d.fresh_on, ' || v_price || ' AS price, ' || CASE WHEN v_viewer IS NULL THEN 'false' ELSE 'a.price IS NOT NULL' END || ' AS is_agreed,
                CASE WHEN d.is_visited THEN m.metres END AS metres, ' || catalogue.score_sql(v_query IS NOT NULL) || ' AS score
           FROM (' || catalogue.search_docs(v_query IS NOT NULL, p_all <> '{}', p_any <> '{}', v_x, v_y, p_radius) || ') d
          CROSS JOIN LATERAL (SELECT sqrt(((d.x - $4)::bigint * (d.x - $4) + (d.y - $5)::bigint * (d.y - $5))::double precision) AS metres) m'
      || v_agreed || CASE WHEN p_max_price IS NULL THEN '' ELSE ' WHERE ' || v_price || ' <= $7' END
      || CASE WHEN v_query IS NULL AND v_x IS NULL THEN ' ORDER BY d.fresh_on DESC, d.id' ELSE '' END || ' LIMIT $8),
       summary AS MATERIALIZED (
         SELECT (SELECT count(*)::int FROM near) AS found, jsonb_object_agg(tag, n) AS facets
           FROM (SELECT tag, count(*) AS n FROM near, unnest(tags) tag GROUP BY tag) f),
       one_page AS (
         SELECT * FROM near p ORDER BY ' || v_order || ' LIMIT 20 OFFSET ($9 - 1) * 20)
       SELECT d.kind, d.ref, d.slug, d.title, d.summary, d.category, c.name, d.organisation, d.place, p.price, p.is_agreed, d.unit,
              p.metres::int, p.fresh_on, t.found, t.found >= $8, $10, t.facets
         FROM one_page p JOIN catalogue.search_doc d USING (id) JOIN catalogue.category c ON c.slug = d.category CROSS JOIN summary t
        ORDER BY ' || v_order
      USING v_query, p_all, p_any, v_x, v_y, v_viewer, p_max_price, c_most, greatest(least(p_page, 50), 1), v_is_any;
    EXIT WHEN FOUND OR v_is_any OR coalesce(numnode(v_query), 0) < 2 OR p_page > 1;
    v_is_any := true;        -- nothing has all the words: show what has any of them
    v_query := v_some;
  END LOOP;
END $$;

-- How many results there would be, up to 100: for "take this filter away" on a page without results.
CREATE OR REPLACE FUNCTION catalogue.search_count(p_q text, p_near text, p_radius int, p_all text[], p_any text[], p_max_price bigint) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue, public SET enable_seqscan = off AS $$
DECLARE
  v_query tsquery;
  v_x     int;
  v_y     int;
  v_count int;
BEGIN
  IF p_max_price IS NOT NULL THEN     -- prices are the viewer's: only the search itself knows them
    SELECT s.found INTO v_count FROM catalogue.search(p_q, p_near, p_radius, p_all, p_any, p_max_price, 'best', 1) s LIMIT 1;
    RETURN least(coalesce(v_count, 0), 100);
  END IF;
  SELECT q.all_of INTO v_query FROM catalogue.read_query(p_q) q;
  SELECT catalogue.east(l.lon), catalogue.north(l.lat) INTO v_x, v_y FROM catalogue.locate(catalogue.postcode_read(p_near)) l;
  EXECUTE 'SELECT count(*) FROM (SELECT FROM (' || catalogue.search_docs(v_query IS NOT NULL, p_all <> '{}', p_any <> '{}', v_x, v_y, p_radius) || ') d LIMIT 100) s'
    INTO v_count USING v_query, p_all, p_any;
  RETURN v_count;
END $$;

-- A search found nothing: the stems that stand in no number and are at most 24 letters, and the postcode district. Nothing else, and nobody.
-- Returns how often that happened this month; NULL when there was no word to count.
CREATE OR REPLACE FUNCTION catalogue.search_missed(p_q text, p_near text) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
  INSERT INTO catalogue.search_miss AS m (month, words, area)
  SELECT date_trunc('month', current_date)::date, words, coalesce(split_part(catalogue.postcode_read(p_near), ' ', 1), '')
    FROM (SELECT string_agg(DISTINCT lexeme, ' ' ORDER BY lexeme) AS words
            FROM regexp_split_to_table(lower(left(p_q, 200)), '[^a-z0-9]+') w, unnest(to_tsvector('catalogue.plain_english', w)) t
           WHERE w ~ '^[a-z]{3,24}$') s
   WHERE words IS NOT NULL
  ON CONFLICT (month, words, area) DO UPDATE SET times = m.times + 1
  RETURNING times
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.search_about(text, text), catalogue.search(text, text, int, text[], text[], bigint, text, int),
  catalogue.search_count(text, text, int, text[], text[], bigint), catalogue.search_missed(text, text) TO mc_web, mc_jobs;
