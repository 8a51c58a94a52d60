-- query: review_about
-- about: What a page of reviews is about: a listing that was published, or an organisation.
-- params: ref text
-- row: ref text, slug text, title text, organisation text, is_listing bool
-- rows: maybe
SELECT x.ref, catalogue.slug(x.title) AS slug, x.title, x.organisation, x.is_listing
  FROM (SELECT l.ref, l.title, o.name AS organisation, true AS is_listing FROM catalogue.listing l JOIN identity.organisation o ON o.id = l.organisation_id WHERE l.ref = $1::text AND l.status <> 'draft'
        UNION ALL
        SELECT o.ref, o.name, o.name, false FROM identity.organisation o WHERE o.ref = $1::text) AS x
