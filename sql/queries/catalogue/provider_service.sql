-- query: provider_service
-- about: One of the provider's own listings, to be edited.
-- params: ref text
-- row: ref text, title text, summary text, unit text, price money, status text
-- rows: maybe
SELECT l.ref, l.title, l.summary, l.unit, l.price, l.status
  FROM catalogue.listing l WHERE l.organisation_id = mc.organisation() AND mc.role() = 'provider' AND l.ref = $1::text
