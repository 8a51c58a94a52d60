-- query: entry_page
-- about: A community entry or public service.
-- params: ref text
-- row: ref text, slug text, title text, summary text, description text, category text, category_name text, kind text, phone text null, email text null, web text null, source_web text null, place text null, features text null, opens text null, ages text null, assured_on date, is_old bool, is_hidden bool
-- rows: maybe
SELECT e.ref, catalogue.slug(e.name) AS slug, e.name AS title, e.summary, e.description, e.category, c.name AS category_name,
       CASE e.kind WHEN 'public_service' THEN 'Public service' WHEN 'business' THEN 'Business' ELSE 'Community group' END AS kind,
       e.phone, e.email, e.web, e.source_web, nullif(concat_ws(', ', e.address, e.postcode), '') AS place, catalogue.feature_words(e.features) AS features,
       nullif(concat_ws(E'\n', catalogue.hours_words(e.hours), e.opens), '') AS opens, catalogue.age_words(e.minimum_age, e.maximum_age) AS ages,
       e.assured_on, e.assured_on < current_date - 183 AS is_old, e.status = 'hidden' OR e.assured_on < current_date - 365 AS is_hidden
  FROM catalogue.entry e JOIN catalogue.category c ON c.slug = e.category
 WHERE e.ref = $1::text
