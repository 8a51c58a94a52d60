-- The directory of what is public in the form of Open Referral UK (HSDS-UK 3.0), which other people's programs read: lists in pages, their items, and lines
-- without an end. What an item looks like is said in sql/views/36-directory.sql.

-- Only what the format allows: a strict reader refuses the whole item for one address that is none.
CREATE OR REPLACE FUNCTION catalogue.directory_email(p_text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT p_text WHERE p_text ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$'
$$;
CREATE OR REPLACE FUNCTION catalogue.directory_uri(p_text text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT p_text WHERE p_text ~ '^https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#]([A-Za-z0-9._~:/?#@!$&''()*+,;=-]|%[0-9A-Fa-f]{2})*)?$'
$$;

CREATE OR REPLACE FUNCTION catalogue.directory_term(c catalogue.category) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('id', catalogue.public_id('taxonomy_term', c.slug), 'name', c.name, 'description', c.about,
           'parent_id', catalogue.public_id('taxonomy_term', c.parent), 'taxonomy', 'Kinds of help', 'taxonomy_id', catalogue.public_id('taxonomy', 'categories')))
$$;

-- RFC 3339 in milliseconds, always UTC.
CREATE OR REPLACE FUNCTION catalogue.directory_moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
  AS $$ SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
-- The time of day in England, with the offset that holds on that day.
CREATE OR REPLACE FUNCTION catalogue.directory_clock(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at AT TIME ZONE 'Europe/London', 'HH24:MI')
      || CASE WHEN p_at AT TIME ZONE 'Europe/London' = p_at AT TIME ZONE 'UTC' THEN 'Z' ELSE '+01:00' END
$$;

-- What is still to come of an event: each occurrence by itself.
CREATE OR REPLACE FUNCTION catalogue.directory_dates(p_event bigint, p_ref text, p_service uuid) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_agg(jsonb_build_object('id', catalogue.public_id('schedule', p_ref || '/' || catalogue.directory_moment(t.starts_at)), 'service_id', p_service,
                     'valid_from', n.day, 'valid_to', n.day, 'dtstart', n.day, 'opens_at', catalogue.directory_clock(t.starts_at),
                     'closes_at', catalogue.directory_clock(t.ends_at)) ORDER BY t.starts_at)
    FROM catalogue.event_occurrence t CROSS JOIN LATERAL (SELECT (t.starts_at AT TIME ZONE 'Europe/London')::date AS day) n
   WHERE t.event_id = p_event AND NOT t.is_cancelled AND t.ends_at > now()
$$;
-- Weekly hours, the days that have the same together, and what is only known in words. A time of every week has no offset: it is that of the clock in England.
CREATE OR REPLACE FUNCTION catalogue.directory_hours(p_hours text, p_opens text, p_ref text, p_service uuid) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_agg(jsonb_strip_nulls(s.item) || jsonb_build_object('id', catalogue.public_id('schedule', p_ref || '/' || s.name), 'service_id', p_service) ORDER BY s.place)
    FROM (SELECT concat_ws(' ', h.opens, h.closes, h.until) AS name, concat(min(h.day), ' ', h.opens, ' ', h.closes, ' ', h.until) AS place,
                 jsonb_build_object('freq', 'WEEKLY', 'interval', 1, 'byday', string_agg((ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[h.day], ',' ORDER BY h.day),
                   'opens_at', to_char(h.opens, 'HH24:MI'), 'closes_at', to_char(h.closes, 'HH24:MI'), 'valid_to', h.until) AS item
            FROM catalogue.hours_of(p_hours) h GROUP BY h.opens, h.closes, h.until
          UNION ALL
          SELECT 'words', 'words', jsonb_build_object('description', p_opens) WHERE p_opens IS NOT NULL) s
$$;

-- Our addresses are one line; the format wants street, town and county, none of them empty. The last part is the town, or the county when it is known to be one.
CREATE OR REPLACE FUNCTION catalogue.directory_address(p_ref text, p_address text, p_postcode text, p_place text, p_town text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH said AS (
    SELECT coalesce(array_agg(btrim(part) ORDER BY i), '{}') AS parts
      FROM regexp_split_to_table(replace(coalesce(p_address, ''), p_postcode, ''), '[,\n]') WITH ORDINALITY AS s (part, i)
     WHERE btrim(part) <> '' AND lower(btrim(part)) NOT IN ('england', 'uk', 'united kingdom')),
  parted AS (
    SELECT CASE WHEN is_county THEN parts[:cardinality(parts) - 1] ELSE parts END AS parts,
           CASE WHEN is_county THEN parts[cardinality(parts)] END AS county
      FROM said, LATERAL (SELECT cardinality(parts) > 2 AND parts[cardinality(parts)] ~*
        '(shire|^(greater|tyne and|isle of) .*|^(merseyside|west midlands|cumbria|cornwall|devon|dorset|essex|kent|norfolk|somerset|suffolk|surrey|rutland|(east|west) sussex))$'
        AS is_county) k)
  SELECT jsonb_build_object('id', catalogue.public_id('address', p_ref), 'location_id', catalogue.public_id('location', p_ref),
           'address_1', coalesce(nullif(array_to_string(parts[:greatest(cardinality(parts) - 1, 1)], ', '), ''), p_place),
           'city', CASE WHEN cardinality(parts) > 1 THEN parts[cardinality(parts)] ELSE p_town END,
           'state_province', coalesce(county, 'England'), 'postal_code', p_postcode, 'country', 'GB', 'address_type', 'physical')
    FROM parted WHERE p_postcode IS NOT NULL
$$;

-- ---------------------------------------------------------------- what is asked for
-- p_asked holds the parameters of the request as text, already known to be well formed; what is not there asks for nothing. Together they mean "and".

-- The categories that a term stands for: itself and what lies below it.
CREATE OR REPLACE FUNCTION catalogue.directory_categories(p_term text) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH RECURSIVE down AS (
    SELECT slug FROM catalogue.category WHERE catalogue.public_id('taxonomy_term', slug)::text = lower(p_term)
    UNION ALL
    SELECT c.slug FROM catalogue.category c JOIN down ON c.parent = down.slug)
  SELECT slug FROM down
$$;

-- What nobody said of ages leaves in; days and times ask for what has them: dates of events, weekly hours of entries.
CREATE OR REPLACE FUNCTION catalogue.directory_found(p_asked jsonb)
RETURNS TABLE (id uuid, service_place_id uuid, provider_id uuid, place bigint, modified_at timestamptz, is_placed boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_code text := regexp_replace(upper(p_asked ->> 'postcode'), '[^A-Z0-9]', '', 'g');
  v_from catalogue.postcode;
  -- What is no id finds nothing.
  v_provider CONSTANT uuid := CASE WHEN p_asked ->> 'organization_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p_asked ->> 'organization_id' END;
BEGIN
  SELECT * INTO v_from FROM catalogue.postcode c WHERE c.postcode = regexp_replace(v_code, '^(.*)(...)$', '\1 \2');
  RETURN QUERY
  SELECT d.id, d.service_place_id, d.provider_id, d.place, d.modified_at, d.is_placed
    FROM catalogue.directory_entry d
   CROSS JOIN LATERAL (SELECT sqrt((d.x - v_from.x)::float8 ^ 2 + (d.y - v_from.y)::float8 ^ 2) AS far) m
   WHERE (p_asked ->> 'search' IS NULL OR d.words @@ websearch_to_tsquery('catalogue.plain_english', p_asked ->> 'search'))
     AND (p_asked ->> 'taxonomy_term_id' IS NULL OR d.category IN (SELECT catalogue.directory_categories(p_asked ->> 'taxonomy_term_id')))
     AND (p_asked ->> 'taxonomy_id' IS NULL OR lower(p_asked ->> 'taxonomy_id') = catalogue.public_id('taxonomy', 'categories')::text)
     AND (p_asked ->> 'organization_id' IS NULL OR d.provider_id = v_provider)
     -- Compared as it is published: in milliseconds.
     AND (p_asked ->> 'modified_after' IS NULL OR date_trunc('milliseconds', d.modified_at) >= (p_asked ->> 'modified_after')::timestamptz)
     AND (v_code IS NULL OR CASE WHEN p_asked ? 'proximity' THEN d.is_placed AND m.far <= (p_asked ->> 'proximity')::float8
                                 ELSE d.is_national OR v_from.x IS NOT NULL AND d.reach_m IS NULL OR m.far <= d.reach_m END)
     AND (p_asked ->> 'day' IS NULL AND p_asked ->> 'start_time' IS NULL AND p_asked ->> 'end_time' IS NULL OR EXISTS (
           SELECT FROM catalogue.event_occurrence t
            WHERE d.kind = 'event' AND t.event_id = d.source_id AND NOT t.is_cancelled AND t.ends_at > now()
              AND (p_asked ->> 'day' IS NULL OR extract(isodow FROM t.starts_at AT TIME ZONE 'Europe/London') = (p_asked ->> 'day')::int)
              AND (p_asked ->> 'start_time' IS NULL OR (t.starts_at AT TIME ZONE 'Europe/London')::time >= (p_asked ->> 'start_time')::time)
              AND (p_asked ->> 'end_time' IS NULL OR (t.ends_at AT TIME ZONE 'Europe/London')::time <= (p_asked ->> 'end_time')::time))
          OR EXISTS (
           SELECT FROM catalogue.entry e, catalogue.hours_of(e.hours) h
            WHERE d.kind = 'entry' AND e.id = d.source_id
              AND (p_asked ->> 'day' IS NULL OR h.day = (p_asked ->> 'day')::int)
              AND (p_asked ->> 'start_time' IS NULL OR h.opens >= (p_asked ->> 'start_time')::time)
              AND (p_asked ->> 'end_time' IS NULL OR h.closes <= (p_asked ->> 'end_time')::time)))
     AND (p_asked ->> 'minimum_age' IS NULL AND p_asked ->> 'maximum_age' IS NULL OR NOT EXISTS (
           SELECT FROM catalogue.entry e
            WHERE d.kind = 'entry' AND e.id = d.source_id
              AND (e.maximum_age < (p_asked ->> 'minimum_age')::numeric OR e.minimum_age > (p_asked ->> 'maximum_age')::numeric)));
END $$;

-- The items of a list by their public id and by a number, which is stable too and finds them again.
CREATE OR REPLACE FUNCTION catalogue.directory_keys(p_list text, p_asked jsonb) RETURNS TABLE (id uuid, place bigint, modified_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_search text := lower(p_asked ->> 'search');
BEGIN
  CASE p_list
  WHEN 'services' THEN
    RETURN QUERY SELECT f.id, f.place, f.modified_at FROM catalogue.directory_found(p_asked) f;
  WHEN 'service_at_locations' THEN
    RETURN QUERY SELECT f.service_place_id, f.place, f.modified_at FROM catalogue.directory_found(p_asked) f WHERE f.is_placed;
  WHEN 'organizations' THEN
    IF v_search IS NULL THEN
      RETURN QUERY SELECT p.id, p.place, NULL::timestamptz FROM catalogue.directory_provider p;
    ELSE
      RETURN QUERY SELECT p.id, p.place, NULL::timestamptz FROM catalogue.directory_provider p JOIN catalogue.directory_entry d USING (place)
                    WHERE strpos(lower(concat_ws(' ', d.provider_name, d.provider_about)), v_search) > 0;
    END IF;
  WHEN 'taxonomies' THEN
    RETURN QUERY SELECT t.id, t.place, NULL::timestamptz FROM catalogue.directory_taxonomy t
                  WHERE v_search IS NULL OR strpos(lower(concat_ws(' ', t.item ->> 'name', t.item ->> 'description')), v_search) > 0;
  WHEN 'taxonomy_terms' THEN
    RETURN QUERY SELECT t.id, t.place, NULL::timestamptz FROM catalogue.directory_term t
                  WHERE (v_search IS NULL OR strpos(lower(concat_ws(' ', t.item ->> 'name', t.item ->> 'description')), v_search) > 0)
                    AND (p_asked ->> 'taxonomy_id' IS NULL OR t.item ->> 'taxonomy_id' = lower(p_asked ->> 'taxonomy_id'))
                    AND (p_asked ->> 'parent_id' IS NULL OR t.item ->> 'parent_id' = lower(p_asked ->> 'parent_id'))
                    AND (p_asked ->> 'top_only' IS DISTINCT FROM 'true' OR NOT t.item ? 'parent_id');
  END CASE;
END $$;

-- ---------------------------------------------------------------- what is answered

-- Items as they stand in a list, or with everything in them: many at once, because one at a time costs several times as much.
CREATE OR REPLACE FUNCTION catalogue.directory_items(p_list text, p_places bigint[], p_is_full boolean, p_has_services boolean) RETURNS TABLE (place bigint, item jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, catalogue AS $$
BEGIN
  CASE p_list
  WHEN 'services' THEN
    RETURN QUERY SELECT s.place, CASE WHEN p_is_full THEN s.listed || s.related || s.places ELSE s.listed END
                   FROM catalogue.directory_service s WHERE s.place = ANY (p_places);
  WHEN 'service_at_locations' THEN
    RETURN QUERY SELECT s.place, CASE WHEN p_is_full THEN s.at_place || jsonb_build_object('service', s.listed || s.related)
                                      ELSE s.at_point || jsonb_build_object('service', s.listed) END
                   FROM catalogue.directory_service s WHERE s.place = ANY (p_places);
  WHEN 'organizations' THEN
    RETURN QUERY
    SELECT s.place, s.listed -> 'organization' || coalesce(o.services, '{}')
      FROM catalogue.directory_service s
      LEFT JOIN (SELECT d.provider_id, jsonb_build_object('services',
                          jsonb_agg(CASE WHEN p_has_services THEN d.listed || d.related || d.places ELSE d.listed END - 'organization' ORDER BY d.id)) AS services
                   FROM catalogue.directory_service d
                  WHERE p_is_full AND d.provider_id = ANY (ARRAY(SELECT e.provider_id FROM catalogue.search_doc e WHERE e.id = ANY (p_places)))
                  GROUP BY d.provider_id) o ON o.provider_id = s.provider_id
     WHERE s.place = ANY (p_places);
  WHEN 'taxonomies' THEN RETURN QUERY SELECT t.place, t.item FROM catalogue.directory_taxonomy t WHERE t.place = ANY (p_places);
  WHEN 'taxonomy_terms' THEN RETURN QUERY SELECT t.place, t.item FROM catalogue.directory_term t WHERE t.place = ANY (p_places);
  END CASE;
END $$;

-- A page of a list: all its fields, always, and a page beyond the last one is an empty one.
CREATE OR REPLACE FUNCTION catalogue.directory_page(p_list text, p_asked jsonb, p_base text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_is_minimal boolean := p_list = 'services' AND p_asked ->> 'minimal' = 'true';
  v_has_services CONSTANT boolean := coalesce(p_asked ->> 'full_service' = 'true', false);
  v_is_full    boolean := v_has_services OR coalesce(p_asked ->> 'full' = 'true', false);
  v_most       bigint := CASE WHEN v_is_minimal THEN 10000 ELSE 1000 END;
  v_size       bigint := least(coalesce((p_asked ->> 'per_page')::bigint, CASE WHEN v_is_minimal THEN v_most ELSE 50 END), v_most);
  v_page       bigint := coalesce((p_asked ->> 'page')::bigint, 1);
  v_total      bigint;
  v_pages      bigint;
  v_ids        uuid[];
  v_places     bigint[];
  v_times      timestamptz[];
  v_contents   jsonb;
BEGIN
  PERFORM set_config('mc.directory_base', p_base, true);
  SELECT count(*), coalesce(array_agg(k.id ORDER BY k.id) FILTER (WHERE k.n BETWEEN v_size * (v_page - 1) + 1 AND v_size * v_page), '{}'),
         coalesce(array_agg(k.place ORDER BY k.id) FILTER (WHERE k.n BETWEEN v_size * (v_page - 1) + 1 AND v_size * v_page), '{}'),
         coalesce(array_agg(k.modified_at ORDER BY k.id) FILTER (WHERE k.n BETWEEN v_size * (v_page - 1) + 1 AND v_size * v_page), '{}')
    INTO v_total, v_ids, v_places, v_times FROM (SELECT *, row_number() OVER (ORDER BY d.id) AS n FROM catalogue.directory_keys(p_list, p_asked) d) k;
  IF v_is_minimal THEN
    SELECT jsonb_agg(jsonb_build_object('id', p.id, 'modified_date', catalogue.directory_moment(p.at),
                                        'last_modified', catalogue.directory_moment(p.at)) ORDER BY p.id)
      INTO v_contents FROM unnest(v_ids, v_times) p (id, at);
  ELSE
    SELECT jsonb_agg(i.item ORDER BY p.id) INTO v_contents
      FROM unnest(v_ids, v_places) p (id, place) JOIN catalogue.directory_items(p_list, v_places, v_is_full, v_has_services) i USING (place);
  END IF;
  v_contents := coalesce(v_contents, '[]');
  v_pages := greatest(1, (v_total + v_size - 1) / v_size);
  RETURN jsonb_build_object('total_items', v_total, 'total_pages', v_pages, 'page_number', v_page, 'size', jsonb_array_length(v_contents),
                            'first_page', v_page = 1, 'last_page', v_page = v_pages, 'empty', jsonb_array_length(v_contents) = 0, 'contents', v_contents);
END $$;

-- One item with everything in it; NULL when there is none.
CREATE OR REPLACE FUNCTION catalogue.directory_one(p_list text, p_id uuid, p_asked jsonb, p_base text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_place bigint;
BEGIN
  PERFORM set_config('mc.directory_base', p_base, true);
  CASE p_list
  WHEN 'services' THEN SELECT d.id INTO v_place FROM catalogue.search_doc d WHERE d.service_id = p_id;
  WHEN 'service_at_locations' THEN SELECT d.place INTO v_place FROM catalogue.directory_entry d WHERE d.service_place_id = p_id AND d.is_placed;
  WHEN 'organizations' THEN SELECT p.place INTO v_place FROM catalogue.directory_provider p WHERE p.id = p_id;
  ELSE SELECT k.place INTO v_place FROM catalogue.directory_keys(p_list, '{}') k WHERE k.id = p_id;
  END CASE;
  RETURN (SELECT i.item FROM catalogue.directory_items(p_list, ARRAY[v_place], true, coalesce(p_asked ->> 'full_service' = 'true', false)) i);
END $$;

-- The next lines of a list behind a place, for readers who want all of it.
CREATE OR REPLACE FUNCTION catalogue.directory_lines(p_list text, p_asked jsonb, p_base text, p_after bigint) RETURNS TABLE (place bigint, line text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_has_services CONSTANT boolean := coalesce(p_asked ->> 'full_service' = 'true', false);
  v_places       bigint[] := ARRAY(SELECT k.place FROM catalogue.directory_keys(p_list, p_asked) k WHERE k.place > p_after ORDER BY k.place LIMIT 500);
BEGIN
  PERFORM set_config('mc.directory_base', p_base, true);
  RETURN QUERY
  SELECT i.place, i.item::text
    FROM catalogue.directory_items(p_list, v_places, v_has_services OR coalesce(p_asked ->> 'full' = 'true', false), v_has_services) i ORDER BY i.place;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.directory_page(text, jsonb, text), catalogue.directory_one(text, uuid, jsonb, text),
  catalogue.directory_lines(text, jsonb, text, bigint) TO mc_web;
