-- Words that people read, made once for all pages and files.

CREATE OR REPLACE FUNCTION catalogue.unit_words(p_unit text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p_unit WHEN 'hour' THEN 'an hour' WHEN 'item' THEN 'each' WHEN 'membership' THEN 'for membership' ELSE 'a ' || p_unit END
$$;
CREATE OR REPLACE FUNCTION catalogue.feature_words(p_features text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(words, E'\n' ORDER BY place)
    FROM (VALUES (1, 'wheelchair', 'Wheelchair access'), (2, 'accessible_toilet', 'Accessible toilet'), (3, 'hearing_loop', 'Hearing loop'),
                 (4, 'bsl', 'British Sign Language'), (5, 'quiet_space', 'Quiet space'), (6, 'bring_supporter', 'Bring a supporter free'),
                 (7, 'gender_choice', 'You choose a man or a woman'), (8, 'same_worker', 'The same worker each time'),
                 (9, 'faith_practice', 'Respects your faith'), (10, 'special_diets', 'Cooks for special diets')) w (place, feature, words)
   WHERE feature = ANY (p_features)
$$;
CREATE OR REPLACE FUNCTION catalogue.delivered_words(p_delivered text[], p_radius_m int, p_is_national boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT concat_ws(E'\n',
    CASE WHEN 'home' = ANY (p_delivered) THEN 'At your home' || CASE WHEN p_is_national THEN ', anywhere in England'
                                                               WHEN p_radius_m IS NOT NULL THEN ', up to ' || greatest(1, round(p_radius_m / 1609.344)) || ' miles away' ELSE '' END END,
    CASE WHEN 'place' = ANY (p_delivered) THEN 'At their place' END,
    CASE WHEN 'remote' = ANY (p_delivered) THEN 'By phone or video' END)
$$;
CREATE OR REPLACE FUNCTION catalogue.time_words(p_at time) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at, CASE WHEN extract(minute FROM p_at) = 0 THEN 'FMHH12am' ELSE 'FMHH12:MIam' END)
$$;
CREATE OR REPLACE FUNCTION catalogue.clock(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT catalogue.time_words((p_at AT TIME ZONE 'Europe/London')::time)
$$;

-- The weekly hours of an entry that still hold: 1 is Monday, times as the clock in England shows them.
CREATE OR REPLACE FUNCTION catalogue.hours_of(p_hours text) RETURNS TABLE (day int, opens time, closes time, until date) LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT h.*
    FROM regexp_split_to_table(p_hours, '\|') AS one
   CROSS JOIN LATERAL (SELECT split_part(one, ' ', 1)::int, split_part(one, ' ', 2)::time, split_part(one, ' ', 3)::time, nullif(split_part(one, ' ', 4), '')::date) h (day, opens, closes, until)
   WHERE h.until IS NULL OR h.until >= current_date
$$;
-- A line for every pair of times: "Monday to Friday, 9am to 5pm".
CREATE OR REPLACE FUNCTION catalogue.hours_words(p_hours text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(concat(CASE h.days WHEN '{1,2,3,4,5}' THEN 'Monday to Friday' WHEN '{1,2,3,4,5,6,7}' THEN 'Every day'
                                       ELSE regexp_replace(h.names, ', ([A-Za-z]+)$', ' and \1') END, ', ',
                           catalogue.time_words(h.opens), ' to ', catalogue.time_words(h.closes)), E'\n' ORDER BY h.days, h.opens)
    FROM (SELECT o.opens, o.closes, array_agg(o.day ORDER BY o.day) AS days, string_agg(d.name, ', ' ORDER BY o.day) AS names
            FROM (SELECT DISTINCT day, opens, closes FROM catalogue.hours_of(p_hours)) o
            JOIN unnest('{Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday}'::text[]) WITH ORDINALITY AS d (name, day) USING (day)
           GROUP BY o.opens, o.closes) h
$$;
CREATE OR REPLACE FUNCTION catalogue.age_words(p_from numeric, p_to numeric) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_from > 0 AND p_to IS NOT NULL THEN 'From ' || trim_scale(p_from) || ' to ' || trim_scale(p_to) || ' years'
              WHEN p_from > 0 THEN 'From ' || trim_scale(p_from) || ' years' ELSE 'Up to ' || trim_scale(p_to) || ' years' END
$$;

-- What a price at another time is called.
CREATE OR REPLACE FUNCTION catalogue.band_words(p_band text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE p_band WHEN 'evening' THEN 'Evenings' WHEN 'night' THEN 'Nights' WHEN 'weekend' THEN 'Weekends' WHEN 'bank_holiday' THEN 'Bank holidays'
                     WHEN 'two_workers' THEN 'Two workers' WHEN 'half_hour' THEN 'Half an hour' ELSE 'A quarter of an hour' END
$$;
-- The shortest visit; NULL when there is none.
CREATE OR REPLACE FUNCTION catalogue.minutes_words(p_minutes int) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN p_minutes % 60 <> 0 THEN p_minutes || ' minutes' WHEN p_minutes = 60 THEN '1 hour' WHEN p_minutes > 0 THEN p_minutes / 60 || ' hours' END
$$;
CREATE OR REPLACE FUNCTION catalogue.notice_words(p_hours int) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN p_hours = 0 THEN 'The same day is fine' WHEN p_hours % 24 <> 0 THEN p_hours || ' hours' WHEN p_hours = 24 THEN '1 day' ELSE p_hours / 24 || ' days' END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.unit_words(text), catalogue.feature_words(text[]), catalogue.delivered_words(text[], int, boolean), catalogue.time_words(time),
  catalogue.clock(timestamptz), catalogue.hours_of(text), catalogue.hours_words(text), catalogue.age_words(numeric, numeric),
  catalogue.band_words(text), catalogue.minutes_words(int), catalogue.notice_words(int) TO mc_web, mc_jobs;
