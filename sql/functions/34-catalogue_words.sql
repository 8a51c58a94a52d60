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
CREATE OR REPLACE FUNCTION catalogue.clock(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT to_char(p_at AT TIME ZONE 'Europe/London', CASE WHEN extract(minute FROM p_at) = 0 THEN 'FMHH12am' ELSE 'FMHH12:MIam' END)
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.unit_words(text), catalogue.feature_words(text[]), catalogue.delivered_words(text[], int, boolean), catalogue.clock(timestamptz)
  TO mc_web, mc_jobs;
