-- query: storefront_listings
-- about: What a storefront offers, with the prices the viewer may see.
-- params: ref text
-- row: ref text, slug text, title text, summary text, category_name text, price money, is_agreed bool, unit text
-- rows: many
SELECT l.ref, catalogue.slug(l.title) AS slug, l.title, l.summary, c.name AS category_name, coalesce(v.agreed, l.price) AS price, v.agreed IS NOT NULL AS is_agreed,
       catalogue.unit_words(l.unit) AS unit
  FROM catalogue.listing l
  JOIN identity.organisation o ON o.id = l.organisation_id
  JOIN catalogue.category c ON c.slug = l.category
 CROSS JOIN LATERAL (SELECT catalogue.viewer_price(l.id, l.organisation_id) AS agreed) v
 WHERE o.ref = $1::text AND l.status = 'published'
 ORDER BY c.rank, l.title, l.id
