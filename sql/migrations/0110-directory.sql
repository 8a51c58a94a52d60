-- The directory that other people's programs read: what is public has an id for them, and the time when something of it last changed.

-- An id that never changes, made from a name that never changes: a UUID of version 3, which stands for MD5 and promises no secrecy.
CREATE FUNCTION catalogue.public_id(p_kind text, p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT overlay(overlay(md5('marketcross/' || p_kind || '/' || p_name) PLACING '3' FROM 13) PLACING '8' FROM 17)::uuid $$;

ALTER TABLE catalogue.search_doc
  ADD modified_at timestamptz NOT NULL DEFAULT now(),     -- of the source, or of anything that is published with it
  ADD service_id uuid NOT NULL GENERATED ALWAYS AS (catalogue.public_id('service', ref)) STORED,
  ADD service_place_id uuid NOT NULL GENERATED ALWAYS AS (catalogue.public_id('service_at_location', ref)) STORED;
CREATE INDEX search_doc_service ON catalogue.search_doc (service_id);
CREATE INDEX search_doc_service_place ON catalogue.search_doc (service_place_id);

UPDATE catalogue.search_doc d SET modified_at = l.updated_at FROM catalogue.listing l WHERE d.kind = 'listing' AND l.id = d.source_id;
UPDATE catalogue.search_doc d SET modified_at = e.updated_at FROM catalogue.entry e WHERE d.kind = 'entry' AND e.id = d.source_id;
UPDATE catalogue.search_doc d SET modified_at = v.updated_at FROM catalogue.event v WHERE d.kind = 'event' AND v.id = d.source_id;
