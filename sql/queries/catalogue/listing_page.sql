-- query: listing_page
-- about: A listing for everyone; its agreed price only for those who may see it. Drafts are for their own organisation.
-- params: ref text
-- row: ref text, slug text, title text, summary text, description text, category text, category_name text, unit text, price money, agreed money null, minimum_minutes int, notice_hours int, terms text, delivered text, place text null, features text null, languages text, faith_diet text null, dbs_on date null, insured_until date null, cqc_id text null, cqc_rating text null, cqc_rated_on date null, status text, organisation_ref text, organisation_slug text, organisation text, organisation_kind text, phone text null, email text null, web text null, may_ask bool hidden, minimum text null hidden, notice text hidden
-- rows: maybe
SELECT l.ref, catalogue.slug(l.title) AS slug, l.title, l.summary, l.description, l.category, c.name AS category_name, catalogue.unit_words(l.unit) AS unit, l.price,
       catalogue.viewer_price(l.id, l.organisation_id) AS agreed, l.minimum_minutes, l.notice_hours, l.terms,
       catalogue.delivered_words(l.delivered, l.radius_m, l.is_national) AS delivered, nullif(concat_ws(', ', l.address, l.postcode), '') AS place,
       catalogue.feature_words(l.features) AS features, array_to_string(l.languages, ', ') AS languages, l.faith_diet, l.dbs_on, l.insured_until,
       l.cqc_id, l.cqc_rating, l.cqc_rated_on, l.status, o.ref AS organisation_ref, catalogue.slug(o.name) AS organisation_slug, o.name AS organisation,
       o.kind AS organisation_kind, s.phone, s.email, s.web, mc.mandate() IS NULL OR identity.may('order') AS may_ask,
       catalogue.minutes_words(l.minimum_minutes) AS minimum, catalogue.notice_words(l.notice_hours) AS notice
  FROM catalogue.listing l
  JOIN catalogue.category c ON c.slug = l.category
  JOIN identity.organisation o ON o.id = l.organisation_id
  LEFT JOIN catalogue.storefront s ON s.organisation_id = l.organisation_id
 WHERE l.ref = $1::text AND (l.status <> 'draft' OR l.organisation_id = mc.organisation())
