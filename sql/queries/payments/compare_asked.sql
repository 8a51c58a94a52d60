-- query: compare_asked
-- about: What each reference that somebody wants to compare is: a service that can be, one that has closed, a group (which has no price), or nothing that everybody may know of.
-- params: refs text
-- row: ref text, state text, slug text null, title text null
-- rows: many
SELECT a.ref, CASE WHEN l.is_open THEN 'open' WHEN l.title IS NOT NULL THEN 'closed' WHEN e.title IS NOT NULL THEN 'group' ELSE 'unknown' END AS state,
       catalogue.slug(coalesce(l.title, e.title)) AS slug, coalesce(l.title, e.title) AS title
  FROM (SELECT r.ref, min(r.at) AS at FROM unnest(string_to_array($1::text, ' ')) WITH ORDINALITY AS r (ref, at) GROUP BY r.ref ORDER BY at LIMIT 20) a
  LEFT JOIN LATERAL (SELECT x.title, x.status <> 'closed' AND o.ended_at IS NULL AS is_open FROM catalogue.listing x JOIN identity.organisation o ON o.id = x.organisation_id
                      WHERE x.ref = a.ref AND x.status <> 'draft') l ON true
  LEFT JOIN LATERAL (SELECT x.name AS title FROM catalogue.entry x WHERE x.ref = a.ref AND x.status <> 'hidden' AND x.assured_on >= current_date - 365) e ON true
 ORDER BY a.at
