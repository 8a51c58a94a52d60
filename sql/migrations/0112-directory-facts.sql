-- What the directory needs to know before anything else, and what other directories know of a service.

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

-- What other directories say of a service beside its text. opens: in their words. hours: weekly, "2 10:00 12:00|4 10:00 12:00 2026-12-31" (catalogue.hours_of).
ALTER TABLE catalogue.entry
  ADD opens text,
  ADD hours text CHECK (hours ~ '^[1-7] \d\d:\d\d \d\d:\d\d( \d{4}-\d\d-\d\d)?(\|[1-7] \d\d:\d\d \d\d:\d\d( \d{4}-\d\d-\d\d)?)*$'),
  ADD minimum_age numeric CHECK (minimum_age BETWEEN 0 AND 120),
  ADD maximum_age numeric CHECK (maximum_age BETWEEN 0 AND 120),
  ADD CHECK (minimum_age <= maximum_age);
ALTER TABLE catalogue.import_row ADD opens text, ADD hours text, ADD minimum_age numeric, ADD maximum_age numeric;
