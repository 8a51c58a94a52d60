-- query: compare_services
-- about: Up to four services beside each other, in the order in which they were named: what everybody may read of each, at the price that the viewer may see, and what
--   an order of today with this pattern would be charged for it. The same pattern for all, in minutes where the unit is an hour, else in units.
-- params: refs text, near text null, minutes int, quantity int, weekdays text, weeks int
-- row: ref text, slug text hidden, title text, organisation text, category text hidden, unit text, unit_name text hidden, price money, agreed money null, bands text null,
--   each money null, visits int, week money null, total money null, delivered text, miles real null, comes text null, cqc_rating text null, cqc_rated_on date null,
--   reviews int, on_time_yes int null, on_time_answers int null, as_agreed_yes int null, as_agreed_answers int null, was_kind_yes int null, was_kind_answers int null,
--   use_again_yes int null, use_again_answers int null, languages text null, features text null, notice text, minimum text null, is_too_short bool hidden,
--   is_paused bool hidden, may_ask bool hidden
-- rows: many
SELECT l.ref, catalogue.slug(l.title) AS slug, l.title, o.name AS organisation, l.category, catalogue.unit_words(l.unit) AS unit, l.unit AS unit_name, l.price, c.agreed,
       (SELECT string_agg(catalogue.band_words(p.band) || ' ' || payments.pounds(p.price), E'\n' ORDER BY p.price, p.band) FROM catalogue.listing_price p WHERE p.listing_id = l.id) AS bands,
       e.each, n.visits, e.each * n.a_week AS week, e.each * n.visits AS total, catalogue.delivered_words(l.delivered, l.radius_m, l.is_national) AS delivered,
       CASE WHEN 'place' = ANY (l.delivered) THEN g.metres / 1609.344 END::float8 AS miles,
       CASE WHEN 'home' = ANY (l.delivered) AND near.lat IS NOT NULL THEN CASE WHEN l.is_national OR g.metres <= l.radius_m THEN 'yes' ELSE 'no' END END AS comes, l.cqc_rating, l.cqc_rated_on,
       coalesce(f.reviews, 0) AS reviews, f.on_time_yes, f.on_time_answers, f.as_agreed_yes, f.as_agreed_answers, f.was_kind_yes, f.was_kind_answers, f.use_again_yes, f.use_again_answers,
       nullif(array_to_string(l.languages, ', '), '') AS languages, catalogue.feature_words(l.features) AS features, catalogue.notice_words(l.notice_hours) AS notice,
       catalogue.minutes_words(l.minimum_minutes) AS minimum, l.unit = 'hour' AND $3::int < l.minimum_minutes AS is_too_short, l.status = 'paused' AS is_paused,
       l.status = 'published' AND (mc.mandate() IS NULL OR identity.may('order')) AS may_ask
  FROM (SELECT r.ref, min(r.at) AS at FROM unnest(string_to_array($1::text, ' ')) WITH ORDINALITY AS r (ref, at) GROUP BY r.ref) a
  JOIN catalogue.listing l ON l.ref = a.ref AND l.status IN ('published', 'paused')
  JOIN identity.organisation o ON o.id = l.organisation_id AND o.ended_at IS NULL
  LEFT JOIN catalogue.locate(catalogue.postcode_read($2::text)) near ON true
 CROSS JOIN LATERAL (SELECT sqrt((l.x - catalogue.east(near.lon))::float8 ^ 2 + (l.y - catalogue.north(near.lat))::float8 ^ 2) AS metres) g
 CROSS JOIN LATERAL (SELECT catalogue.viewer_price(l.id, l.organisation_id) AS agreed) c
 CROSS JOIN (SELECT cardinality(payments.occurrences(CASE w.days WHEN '{}' THEN 'once' ELSE 'weekly' END, w.days, ledger.today(), $6::int)) AS visits,
                    nullif(cardinality(payments.occurrences('weekly', w.days, ledger.today(), 1)), 0) AS a_week
               FROM (SELECT string_to_array($5::text, ' ')::int[] AS days) w) n
 CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(c.agreed, l.price) > 0 AND NOT (l.unit = 'hour' AND $3::int < l.minimum_minutes)
                                 THEN payments.cost(l.unit, coalesce(c.agreed, l.price), CASE l.unit WHEN 'hour' THEN $3::int ELSE $4::int END) END AS each) e
 CROSS JOIN LATERAL (
    SELECT max(r.reviews)::int AS reviews,
           max(r.yes) FILTER (WHERE r.place = 1)::int AS on_time_yes, max(r.answers) FILTER (WHERE r.place = 1)::int AS on_time_answers,
           max(r.yes) FILTER (WHERE r.place = 2)::int AS as_agreed_yes, max(r.answers) FILTER (WHERE r.place = 2)::int AS as_agreed_answers,
           max(r.yes) FILTER (WHERE r.place = 3)::int AS was_kind_yes, max(r.answers) FILTER (WHERE r.place = 3)::int AS was_kind_answers,
           max(r.yes) FILTER (WHERE r.place = 4)::int AS use_again_yes, max(r.answers) FILTER (WHERE r.place = 4)::int AS use_again_answers
      FROM catalogue.review_figures(l.ref) r) f
 ORDER BY a.at
 LIMIT 4
