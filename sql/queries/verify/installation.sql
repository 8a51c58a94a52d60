-- query: installation
-- about: What kind of installation this is.
-- row: is_demo bool, councils bigint
-- rows: one
SELECT is_demo, (SELECT count(*) FROM identity.council) AS councils FROM mc.installation
