-- The three kinds of search document, a view a kind: the row as it should be, or no row when the source is not public.
-- Their columns are those of catalogue.search_doc, in its order. Only catalogue.index_docs reads them.

CREATE OR REPLACE VIEW catalogue.listing_doc AS
SELECT 'listing'::text AS kind, l.id AS source_id, l.ref, catalogue.slug(l.title) AS slug, l.title, l.summary, l.category, o.name AS organisation,
       coalesce(s.area, l.address) AS place, l.x, l.y, CASE WHEN 'home' = ANY (l.delivered) THEN l.radius_m END AS reach_m,
       'place' = ANY (l.delivered) AS is_visited, l.is_national OR 'remote' = ANY (l.delivered) AS is_national, l.price, l.unit,
       greatest(l.published_at, l.updated_at)::date AS fresh_on, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at,
       catalogue.category_tags(l.category) || ARRAY(SELECT 'is:' || f FROM unnest(l.features) f) || ARRAY(SELECT 'at:' || d FROM unnest(l.delivered) d)
         || ARRAY(SELECT 'speaks:' || lower(g) FROM unnest(l.languages || s.languages) g) || ARRAY['kind:business']
         || CASE WHEN l.price = 0 THEN ARRAY['free'] ELSE '{}' END AS tags,
       catalogue.cells_of(l.x, l.y, 'place' = ANY (l.delivered), CASE WHEN 'home' = ANY (l.delivered) THEN l.radius_m END,
                          l.is_national OR 'remote' = ANY (l.delivered)) AS cells,
       catalogue.words_of(l.title, l.category, o.name, l.summary, concat_ws(' ', l.description, l.faith_diet)) AS words,
       catalogue.public_id('organization', o.ref) AS provider_id, 'place' = ANY (l.delivered) AND (l.postcode IS NOT NULL OR l.x IS NOT NULL) AS is_placed
  FROM catalogue.listing l
  JOIN identity.organisation o ON o.id = l.organisation_id AND o.ended_at IS NULL
  LEFT JOIN catalogue.storefront s ON s.organisation_id = l.organisation_id
 WHERE l.status = 'published';

-- Entries that nobody has vouched for in twelve months leave the results.
CREATE OR REPLACE VIEW catalogue.entry_doc AS
SELECT 'entry'::text AS kind, e.id AS source_id, e.ref, catalogue.slug(e.name) AS slug, e.name AS title, e.summary, e.category, NULL::text AS organisation,
       coalesce(e.address, e.postcode) AS place, e.x, e.y, NULL::int AS reach_m, true AS is_visited, false AS is_national, NULL::bigint AS price,
       NULL::text AS unit, e.assured_on AS fresh_on, NULL::timestamptz AS starts_at, (e.assured_on + interval '12 months')::timestamptz AS ends_at,
       catalogue.category_tags(e.category) || ARRAY(SELECT 'is:' || f FROM unnest(e.features) f) || ARRAY['kind:' || e.kind, 'at:place'] AS tags,
       catalogue.cells_of(e.x, e.y, true, NULL, false) AS cells,
       catalogue.words_of(e.name, e.category, NULL, e.summary, concat_ws(' ', e.description, e.opens, e.address)) AS words,
       -- An entry that nobody has claimed is its own provider.
       catalogue.public_id('organization', coalesce(o.ref, e.ref)) AS provider_id, e.postcode IS NOT NULL OR e.x IS NOT NULL AS is_placed
  FROM catalogue.entry e
  LEFT JOIN identity.organisation o ON o.id = e.organisation_id
 WHERE e.status <> 'hidden';

CREATE OR REPLACE VIEW catalogue.event_doc AS
SELECT 'event'::text AS kind, e.id AS source_id, e.ref, catalogue.slug(e.title) AS slug, e.title, e.summary, e.category, o.name AS organisation,
       e.place, e.x, e.y, NULL::int AS reach_m, true AS is_visited, false AS is_national, e.price, NULL::text AS unit, e.updated_at::date AS fresh_on,
       n.starts_at, n.ends_at,
       catalogue.category_tags(e.category) || ARRAY(SELECT 'is:' || f FROM unnest(e.features) f) || ARRAY['kind:event', 'at:place']
         || CASE WHEN e.price = 0 THEN ARRAY['free'] ELSE '{}' END AS tags,
       catalogue.cells_of(e.x, e.y, true, NULL, false) AS cells,
       catalogue.words_of(e.title, e.category, o.name, e.summary, concat_ws(' ', e.description, e.place, e.address)) AS words,
       -- An event without a group is the council's.
       catalogue.public_id('organization', coalesce(o.ref, 'council/' || c.slug)) AS provider_id, e.postcode IS NOT NULL OR e.x IS NOT NULL AS is_placed
  FROM catalogue.event e
  JOIN identity.council c ON c.id = e.council_id
  LEFT JOIN identity.organisation o ON o.id = e.organisation_id
  CROSS JOIN LATERAL (SELECT min(starts_at) FILTER (WHERE ends_at > now()) AS starts_at, max(ends_at) AS ends_at
                        FROM catalogue.event_occurrence WHERE event_id = e.id AND NOT is_cancelled) n
 WHERE e.status = 'published' AND n.ends_at > now();
