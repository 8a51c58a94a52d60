-- query: storefront_page
-- about: The storefront of an organisation.
-- params: ref text
-- row: ref text, slug text, name text, kind text, summary text null, description text null, phone text null, email text null, web text null, languages text null, area text null, has_ended bool
-- rows: maybe
SELECT o.ref, catalogue.slug(o.name) AS slug, o.name,
       CASE o.kind WHEN 'agency' THEN 'Agency' WHEN 'charity' THEN 'Charity' WHEN 'in_house' THEN 'Council service' WHEN 'micro' THEN 'Micro-enterprise'
                   WHEN 'group' THEN 'Community group' ELSE 'Broker' END AS kind,
       s.summary, s.description, s.phone, s.email, s.web, array_to_string(s.languages, ', ') AS languages, s.area, o.ended_at IS NOT NULL AS has_ended
  FROM identity.organisation o LEFT JOIN catalogue.storefront s ON s.organisation_id = o.id
 WHERE o.ref = $1::text
