-- query: event_agenda
-- about: A week of events, day by day. Tags are separated by spaces.
-- params: from_day date null, tags text, near text null, radius int
-- row: day date, is_new_day bool, starts text, ends text, ref text, slug text, title text, summary text, place text, price money, is_free bool, category_name text, features text null, miles real null, is_cancelled bool
-- rows: many
SELECT s.day, s.day IS DISTINCT FROM lag(s.day) OVER (ORDER BY s.starts_at, s.id) AS is_new_day, catalogue.clock(s.starts_at) AS starts, catalogue.clock(s.ends_at) AS ends,
       s.ref, s.slug, s.title, s.summary, s.place, s.price, s.price = 0 AS is_free, s.category_name, s.features, s.metres / 1609.344 AS miles, s.is_cancelled
  FROM (SELECT (o.starts_at AT TIME ZONE 'Europe/London')::date AS day, o.starts_at, o.ends_at, o.is_cancelled, d.id, d.ref, d.slug, d.title, d.summary, e.place, e.price,
               c.name AS category_name, catalogue.feature_words(e.features) AS features,
               sqrt((d.x - p.x)::double precision ^ 2 + (d.y - p.y)::double precision ^ 2) AS metres, p.x AS near_x
          FROM catalogue.event_occurrence o
          JOIN catalogue.search_doc d ON d.kind = 'event' AND d.source_id = o.event_id
          JOIN catalogue.event e ON e.id = o.event_id
          JOIN catalogue.category c ON c.slug = d.category
          LEFT JOIN LATERAL (SELECT catalogue.east(l.lon) AS x, catalogue.north(l.lat) AS y FROM catalogue.locate(catalogue.postcode_read($3::text)) l) p ON true
         WHERE o.starts_at >= coalesce($1::date, (now() AT TIME ZONE 'Europe/London')::date)::timestamp AT TIME ZONE 'Europe/London' AND o.starts_at < (coalesce($1::date, (now() AT TIME ZONE 'Europe/London')::date) + 7)::timestamp AT TIME ZONE 'Europe/London' AND o.ends_at > now()
           AND d.tags @> string_to_array($2::text, ' ')) s
 WHERE s.near_x IS NULL OR s.metres <= $4::int
 ORDER BY s.starts_at, s.id
 LIMIT 500
