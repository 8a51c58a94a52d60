-- Who provides something, and whether people can find it on a map, is kept where the directory looks first: its lists then read nothing else.

ALTER TABLE catalogue.search_doc ADD provider_id uuid, ADD is_placed boolean;
UPDATE catalogue.search_doc d
   SET provider_id = catalogue.public_id('organization', coalesce(o.ref, CASE d.kind WHEN 'entry' THEN d.ref ELSE 'council/' || c.slug END)),
       is_placed = d.is_visited AND (s.postcode IS NOT NULL OR d.x IS NOT NULL)
  FROM (SELECT 'listing' AS kind, id, organisation_id, NULL::int AS council_id, postcode FROM catalogue.listing
        UNION ALL SELECT 'entry', id, organisation_id, council_id, postcode FROM catalogue.entry
        UNION ALL SELECT 'event', id, organisation_id, council_id, postcode FROM catalogue.event) s
  LEFT JOIN identity.organisation o ON o.id = s.organisation_id
  LEFT JOIN identity.council c ON c.id = s.council_id
 WHERE s.kind = d.kind AND s.id = d.source_id;
ALTER TABLE catalogue.search_doc ALTER provider_id SET NOT NULL, ALTER is_placed SET NOT NULL;
CREATE INDEX search_doc_provider ON catalogue.search_doc (provider_id, id) INCLUDE (ends_at);
