-- query: event_page
-- about: One event.
-- params: ref text
-- row: ref text, slug text, title text, summary text, description text, category text, category_name text, place text, address text null, price money, is_free bool, features text null, phone text null, email text null, web text null, organisation text null, is_over bool
-- rows: maybe
SELECT e.ref, catalogue.slug(e.title) AS slug, e.title, e.summary, e.description, e.category, c.name AS category_name, e.place,
       nullif(concat_ws(', ', e.address, e.postcode), '') AS address, e.price, e.price = 0 AS is_free, catalogue.feature_words(e.features) AS features,
       e.phone, e.email, e.web, o.name AS organisation,
       e.status = 'closed' OR NOT EXISTS (SELECT FROM catalogue.event_occurrence t WHERE t.event_id = e.id AND t.ends_at > now()) AS is_over
  FROM catalogue.event e JOIN catalogue.category c ON c.slug = e.category LEFT JOIN identity.organisation o ON o.id = e.organisation_id
 WHERE e.ref = $1::text AND e.status <> 'draft'
