-- query: tolerance_services
-- about: The services that are ordered here, to choose from: the newest name of each.
-- row: ref text, title text
-- rows: many
SELECT s.listing_ref AS ref, s.title || ', ' || o.name AS title
  FROM (SELECT DISTINCT ON (l.listing_ref) l.listing_ref, l.title, l.order_id FROM payments.order_line l
         WHERE l.council_id = mc.council() AND mc.role() = 'finance' ORDER BY l.listing_ref, l.id DESC) s
  JOIN payments.orders r ON r.council_id = mc.council() AND r.id = s.order_id
  JOIN identity.organisation o ON o.id = r.organisation_id
 ORDER BY 2 LIMIT 1000
