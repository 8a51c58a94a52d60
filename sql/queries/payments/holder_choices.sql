-- query: holder_choices
-- about: Organisations that may hold part of somebody's budget: brokers, and providers for an individual service fund.
-- row: ref text, name text, kind text
-- rows: many
SELECT DISTINCT o.ref, o.name, o.kind FROM identity.organisation o
  JOIN identity.hat h ON h.council_id = mc.council() AND h.organisation_id = o.id AND h.ended_at IS NULL AND h.role IN ('broker', 'provider')
 WHERE o.ended_at IS NULL AND o.kind <> 'group' AND mc.role() IN ('commissioner', 'finance') ORDER BY o.name, o.ref LIMIT 500
