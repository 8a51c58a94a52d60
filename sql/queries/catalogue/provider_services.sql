-- query: provider_services
-- about: The provider's own listings, whatever their state.
-- row: ref text, slug text, title text, category_name text, unit text, price money, status text, agreed money null
-- rows: many
SELECT l.ref, catalogue.slug(l.title) AS slug, l.title, c.name AS category_name, catalogue.unit_words(l.unit) AS unit, l.price, l.status, catalogue.viewer_price(l.id, l.organisation_id) AS agreed
  FROM catalogue.listing l JOIN catalogue.category c ON c.slug = l.category
 WHERE l.organisation_id = mc.organisation() AND mc.role() = 'provider'
 ORDER BY l.status = 'closed', l.title, l.id LIMIT 200
